import ArgumentParser
import ReservationCore
import ReservationWire

/// `reservations show`.
struct ShowReservationCommand: ControlCommand {
    static let noun = "reservations"
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a reservation, live or cancelled, and its history.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The reservation's number.")
    var reservation: String

    @Flag(help: "Print the customer's address, phone number and ticket code in full.")
    var showContact = false

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let id = try session.options.argument(reservation, "the reservation", .id)
        let showsContact = try session.options.flag(showContact, "show-contact")
        var shown = try await session.ask(ShowReservation.self, ShowReservationRequest(reservationID: id))
        if !showsContact { shown.maskContact() }
        let history = try await HistoryReport.all(ListHistoryRequest(reservationID: id), in: session)
        return session.report(
            text: { shown.text + (history.isEmpty ? "" : "\n" + HistoryReport.table(history)) },
            json: {
                var document = JSONDocument()
                document.object(.reservation, shown)
                document.array(.history, history)
                return document.report()
            })
    }
}

/// `reservations cancel`.
struct CancelReservationCommand: ControlCommand {
    static let noun = "reservations"
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Give a reservation's place back and tell the customer.",
        discussion: "The ticket can be reserved again. The customer gets a message that takes the visit out of their calendar.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The reservation's number, or its ticket's code.")
    var reservation: String

    @Option(help: "Of this organization, where several have issued the code.")
    var orq: String?

    @Option(help: "Why, for the history; the customer is not told.")
    var reason: String?

    @Option(name: .customLong("operator"), help: ArgumentHelp("Who does it, for the history.", valueName: "number"))
    var operatorNumber: String?

    @Flag(help: "Do not ask.")
    var yes = false

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let chosen = try ChosenReservation(reservation, orq: try session.options.optional(orq, "orq", .id))
        let reason = try session.options.optional(reason, "reason", .reason)
        let operatorID = try session.options.optional(operatorNumber, "operator", .operatorID)
        // Named by its number it is the same reservation whatever happens meanwhile, so that asking again can do no harm.
        let found = try await chosen.find(in: session)
        try session.confirm(
            try session.options.flag(yes, "yes"), "reservation \(found.id)\(found.visit.map { ", \($0)," } ?? "") will be cancelled")
        let answer = try await session.ask(
            CancelReservation.self, CancelReservationRequest(reservationID: found.id, operatorID: operatorID, reason: reason))
        return session.report(
            text: {
                TextTable.keyValues([
                    ("reservation", String(answer.reservationID)), ("status", answer.status), ("slot", String(answer.slotID)),
                    ("visit", answer.slot.text), ("ticket", answer.ticketCode),
                ])
            },
            json: { .json(answer) })
    }
}

/// `reservations move`.
struct MoveReservationCommand: ControlCommand {
    static let noun = "reservations"
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Take a place in another slot instead and tell the customer.",
        discussion: "Nothing changes unless there is a place in the other slot.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The reservation's number, or its ticket's code.")
    var reservation: String

    @Option(help: ArgumentHelp("The other slot.", valueName: "slot"))
    var to: String?

    @Option(help: "Of this organization, where several have issued the code.")
    var orq: String?

    @Option(help: "Why, for the history; the customer is not told.")
    var reason: String?

    @Option(name: .customLong("operator"), help: ArgumentHelp("Who does it, for the history.", valueName: "number"))
    var operatorNumber: String?

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let chosen = try ChosenReservation(reservation, orq: try session.options.optional(orq, "orq", .id))
        let slot = try session.options.required(to, "to", .id)
        let reason = try session.options.optional(reason, "reason", .reason)
        let operatorID = try session.options.optional(operatorNumber, "operator", .operatorID)
        let found = try await chosen.find(in: session)
        let answer = try await session.ask(
            MoveReservation.self,
            MoveReservationRequest(
                slotID: slot, reservationID: found.id, idempotencyKey: .random(in: .min ... .max), operatorID: operatorID,
                reason: reason))
        return session.report(
            text: {
                TextTable.keyValues([
                    ("reservation", String(answer.reservationID)), ("status", answer.status),
                    (
                        "slot",
                        "\(answer.slotID)\(answer.slotID == answer.previousSlotID ? " (as before)" : ", before \(answer.previousSlotID)")"
                    ),
                    ("visit", answer.slot.text), ("ticket", answer.ticketCode),
                ])
            },
            json: { .json(answer) })
    }
}

/// A reservation as it was typed: by its number, or by its ticket's code.
private struct ChosenReservation {
    private enum Name {
        case number(UInt64)
        case ticket(String)
    }
    private let name: Name
    private let orq: UInt64?

    init(_ text: String, orq: UInt64?) throws(ControlFailure) {
        self.orq = orq
        if let code = TicketCode(text) {
            name = .ticket(code.text)
        } else if let id = ValueKind<UInt64>.id.parse(text) {
            name = .number(id)
        } else {
            throw ControlFailure(
                .usage, "“\(PrintableText.excerpt(text))” is neither a reservation's number nor a ticket code: check it for typing errors")
        }
    }

    /// - Returns: also when it is, where that is known.
    func find(in session: ControlSession) async throws(ControlFailure) -> (id: UInt64, visit: String?) {
        let code: String
        switch name {
        case .number(let id): return (id, nil)
        case .ticket(let text): code = text
        }
        let tickets = try await session.ask(ShowTickets.self, ShowTicketsRequest(ticketCode: code)).tickets
            .filter { orq == nil || $0.orq == orq }
        guard tickets.count <= 1 else {
            throw ControlFailure(.usage, "\(tickets.count) organizations have issued this code: say which with --orq")
        }
        guard let ticket = tickets.first else { throw ControlFailure(.ticketNotFound, ErrorReply(message: "")) }
        guard let reservation = ticket.reservation else { throw ControlFailure(.notReserved, ErrorReply(message: "")) }
        return (reservation.reservationID, reservation.slot.text)
    }
}

extension SlotTime {
    /// Date and times.
    fileprivate var text: String { "\(date) \(startTime.short)-\(endTime.short)" }
}

extension ShowReservationResponse {
    fileprivate mutating func maskContact() {
        customerEmail = EmailAddress(customerEmail)?.masked ?? "***"
        customerPhone = PhoneNumber(customerPhone)?.masked ?? "***"
        ticketCode = TicketCode(ticketCode)?.masked ?? "***"
    }

    fileprivate var text: String {
        var pairs = [
            ("reservation", String(reservationID)), ("status", status), ("orq", String(orq)), ("ticket", ticketCode),
            ("ticket id", String(ticketID)), ("slot", String(slotID)), ("visit", slot.text), ("reserved", reservedAt.iso8601),
            ("changes", String(sequence)), ("language", language), ("e-mail", customerEmail), ("phone", customerPhone),
        ]
        if let verifiedAt { pairs.append(("let in", verifiedAt.iso8601)) }
        if let verifiedBy { pairs.append(("operator", String(verifiedBy))) }
        return TextTable.keyValues(pairs)
    }
}
