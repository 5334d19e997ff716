/// Ends a ticket that holds no place.
package enum ExpireTicket: Operation {
    package typealias Request = ExpireTicketRequest
    package typealias Response = ShowTicketsResponse
    package static var opcode: Opcode { .ticketsExpire }
}

/// Asks for `tickets.expire`.
package struct ExpireTicketRequest: WireMessage {
    /// The ticket's organisation; needed only where several have issued the code.
    package var orq: UInt64?
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64?
    /// The secret printed on the ticket, `TKT-2026-ABC123-DEF456`.
    package var ticketCode: String?
    /// Who does it, by the number that the venue gave them.
    package var operatorID: UInt64?

    package init(orq: UInt64? = nil, ticketID: UInt64? = nil, ticketCode: String? = nil, operatorID: UInt64? = nil) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.operatorID = operatorID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.optionalInteger(.orq)
        ticketID = try reader.optionalInteger(.ticketID)
        ticketCode = try reader.optionalString(.ticketCode)
        operatorID = try reader.optionalInteger(.operatorID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.operatorID, operatorID)
    }
}
