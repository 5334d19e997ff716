import ArgumentParser
import ReservationCore
import ReservationWire

/// `tickets show`.
struct ShowTicketsCommand: ControlCommand {
    static let noun = "tickets"
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a ticket and its reservation.",
        discussion: "A code may have been issued by several organizations; then all its tickets are shown.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The ticket's code, or its id.")
    var ticket: String

    @Flag(help: "Print the customer's e-mail address and phone number in full.")
    var showContact = false

    func request() throws(ControlFailure) -> ShowTicketsRequest {
        let name = try TypedTicket(ticket)
        return ShowTicketsRequest(ticketID: name.id, ticketCode: name.code)
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let request = try request()
        let showsContact = try session.options.flag(showContact, "show-contact")
        var tickets = try await session.ask(ShowTickets.self, request).tickets
        if !showsContact {
            for index in tickets.indices { tickets[index].reservation?.maskContact() }
        }
        let history = try await history(of: tickets, in: session)
        return session.report(
            text: {
                tickets.map { ticket in
                    let entries = history?.filter { $0.ticketID == ticket.ticketID } ?? []
                    return Self.text(ticket) + (entries.isEmpty ? "" : "\n" + HistoryReport.table(entries))
                }.joined(separator: "\n")
            },
            json: {
                var document = JSONDocument()
                document.array(.tickets, tickets)
                if let history { document.array(.history, history) }
                return document.report()
            })
    }

    /// What was done to the tickets; nil where the socket does not tell, as the one for services.
    private func history(of tickets: [TicketMessage], in session: ControlSession) async throws(ControlFailure) -> [HistoryEntryMessage]? {
        var entries: [HistoryEntryMessage] = []
        for ticket in tickets {
            do throws(ControlFailure) {
                entries += try await HistoryReport.all(ListHistoryRequest(ticketID: ticket.ticketID), in: session)
            } catch {
                if error.kind == .notPermitted { return nil }
                throw error
            }
        }
        return entries
    }

    private static func text(_ ticket: TicketMessage) -> String {
        var pairs = [
            ("code", ticket.ticketCode), ("id", String(ticket.ticketID)), ("orq", String(ticket.orq)),
            ("product", String(ticket.productID)), ("order", String(ticket.orderID)), ("status", ticket.status),
            ("created", ticket.createdAt.iso8601), ("updated", ticket.updatedAt.iso8601),
        ]
        if let until = ticket.validUntil { pairs.append(("valid until", "\(until)")) }
        if let reservation = ticket.reservation {
            let slot = reservation.slot
            pairs += [
                ("reservation", String(reservation.reservationID)), ("reservation status", reservation.status),
                ("reserved", reservation.reservedAt.iso8601), ("slot", String(reservation.slotID)),
                ("visit", "\(slot.date) \(slot.startTime.short)-\(slot.endTime.short)"),
                ("e-mail", reservation.customerEmail), ("phone", reservation.customerPhone),
            ]
        }
        return TextTable.keyValues(pairs)
    }
}

extension ReservationMessage {
    /// Enough to recognise a customer who is on the line, too little to write to one.
    mutating func maskContact() {
        customerEmail = EmailAddress(customerEmail)?.masked ?? "***"
        customerPhone = PhoneNumber(customerPhone)?.masked ?? "***"
    }
}
