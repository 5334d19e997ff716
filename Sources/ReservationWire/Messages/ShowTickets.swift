/// Everything about the tickets with an id or a code; exactly one of the two is given.
package enum ShowTickets: Operation {
    package typealias Request = ShowTicketsRequest
    package typealias Response = ShowTicketsResponse
    package static var opcode: Opcode { .ticketsShow }
}

/// Asks for `tickets.show`.
package struct ShowTicketsRequest: WireMessage {
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64?
    /// The secret printed on the ticket, `TKT-2026-ABC123-DEF456`.
    package var ticketCode: String?

    package init(ticketID: UInt64? = nil, ticketCode: String? = nil) {
        self.ticketID = ticketID
        self.ticketCode = ticketCode
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        ticketID = try reader.optionalInteger(.ticketID)
        ticketCode = try reader.optionalString(.ticketCode)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
    }
}

/// Answers `tickets.show`.
package struct ShowTicketsResponse: WireMessage {
    /// The tickets.
    package var tickets: [TicketMessage]

    package init(tickets: [TicketMessage] = []) {
        self.tickets = tickets
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        tickets = try reader.messages(.tickets, TicketMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.tickets, tickets)
    }
}
