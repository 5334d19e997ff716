import ArgumentParser
import ReservationCore
import ReservationWire

/// `tickets activate`.
struct ActivateTicketCommand: ControlCommand {
    static let noun = "tickets"
    static let configuration = CommandConfiguration(
        commandName: "activate", abstract: "The payment arrived: the ticket can be reserved from now on.",
        discussion: "A ticket that was activated, reserved or used already stays as it is.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The ticket's code, or its id.")
    var ticket: String

    @Option(help: "Of this organization, where several have issued the code.")
    var orq: String?

    @Option(name: .customLong("operator"), help: ArgumentHelp("Who does it, for the history.", valueName: "number"))
    var operatorNumber: String?

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let name = try TypedTicket(ticket)
        let request = ActivateTicketRequest(
            orq: try session.options.optional(orq, "orq", .id), ticketID: name.id, ticketCode: name.code,
            operatorID: try session.options.optional(operatorNumber, "operator", .operatorID))
        return TicketLifeReport.changed(try await session.ask(ActivateTicket.self, request).tickets, session)
    }
}

/// `tickets expire`.
struct ExpireTicketCommand: ControlCommand {
    static let noun = "tickets"
    static let configuration = CommandConfiguration(
        commandName: "expire", abstract: "End a ticket that holds no place.",
        discussion: "One that is reserved must be cancelled first: reservationctl reservations cancel.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The ticket's code, or its id.")
    var ticket: String

    @Option(help: "Of this organization, where several have issued the code.")
    var orq: String?

    @Option(name: .customLong("operator"), help: ArgumentHelp("Who does it, for the history.", valueName: "number"))
    var operatorNumber: String?

    @Flag(help: "Do not ask.")
    var yes = false

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let name = try TypedTicket(ticket)
        let request = ExpireTicketRequest(
            orq: try session.options.optional(orq, "orq", .id), ticketID: name.id, ticketCode: name.code,
            operatorID: try session.options.optional(operatorNumber, "operator", .operatorID))
        try session.confirm(try session.options.flag(yes, "yes"), "ticket \(ticket) will be expired")
        return TicketLifeReport.changed(try await session.ask(ExpireTicket.self, request).tickets, session)
    }
}

/// `tickets check-in`.
struct CheckInCommand: ControlCommand {
    static let noun = "tickets"
    static let configuration = CommandConfiguration(
        commandName: "check-in", abstract: "A visitor is at the gate: may they come in?",
        discussion: """
            Prints “welcome” and ends with 0 when the visitor is to be let in; from then on the ticket is used. Else it says why not and ends \
            with 1. The same operator hears “welcome” again for a minute, should the first answer have been lost.
            """)

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The ticket's code, as its QR code says it, or its id.")
    var ticket: String

    @Option(help: "Of this organization, where several have issued the code.")
    var orq: String?

    @Option(name: .customLong("operator"), help: ArgumentHelp("Who lets the visitor in.", valueName: "number"))
    var operatorNumber: String?

    @Flag(help: "Whatever day the visit is for.")
    var anyDay = false

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let name = try TypedTicket(ticket)
        let request = CheckInRequest(
            orq: try session.options.optional(orq, "orq", .id), ticketID: name.id, ticketCode: name.code,
            operatorID: try session.options.optional(operatorNumber, "operator", .operatorID),
            anyDay: try session.options.flag(anyDay, "any-day") ? true : nil)
        let entry = try await session.ask(CheckIn.self, request)
        return session.report(
            text: {
                TextTable.keyValues(
                    [
                        ("gate", entry.repeated ? "welcome (let in a moment ago)" : "welcome"), ("code", entry.ticketCode),
                        ("reservation", String(entry.reservationID)),
                        ("visit", "\(entry.slot.date) \(entry.slot.startTime.short)-\(entry.slot.endTime.short)"),
                        ("let in", entry.verifiedAt.iso8601),
                    ] + (entry.verifiedBy.map { [("operator", String($0))] } ?? []))
            },
            json: { .json(entry) })
    }
}

/// How a ticket that was changed is reported.
enum TicketLifeReport {
    static func changed(_ tickets: [TicketMessage], _ session: ControlSession) -> Report {
        session.report(
            text: {
                tickets.map { ticket in
                    TextTable.keyValues([
                        ("code", ticket.ticketCode), ("id", String(ticket.ticketID)), ("orq", String(ticket.orq)),
                        ("status", ticket.status),
                        ("updated", ticket.updatedAt.iso8601),
                    ])
                }.joined(separator: "\n")
            },
            json: {
                JSONDocument.report(
                    .tickets,
                    tickets.map { ticket in
                        var shown = ticket
                        shown.reservation?.maskContact()
                        return shown
                    })
            })
    }
}
