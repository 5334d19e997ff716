import ReservationCore

/// Makes new tickets, with random ids and codes unless one ticket is given its own.
package enum IssueTickets: Operation {
    package typealias Request = IssueTicketsRequest
    package typealias Response = IssueTicketsResponse
    package static var opcode: Opcode { .ticketsIssue }
}

/// Asks for `tickets.issue`.
package struct IssueTicketsRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// Only with a count of 1.
    package var ticketID: UInt64?
    /// Only with a count of 1.
    package var ticketCode: String?
    /// What was bought, by the shop's number.
    package var productID: UInt64
    /// The order, by the shop's number.
    package var orderID: UInt64
    /// `ACTIVATED` when absent.
    package var status: String?
    /// How many; 1 to 1000.
    package var count: UInt64
    /// The last day on which they are valid, in the organisation's time zone; for ever when absent.
    package var validUntil: CalendarDate?

    package init(
        orq: UInt64, ticketID: UInt64? = nil, ticketCode: String? = nil, productID: UInt64, orderID: UInt64, status: String? = nil,
        count: UInt64, validUntil: CalendarDate? = nil
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.productID = productID
        self.orderID = orderID
        self.status = status
        self.count = count
        self.validUntil = validUntil
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketID = try reader.optionalInteger(.ticketID)
        ticketCode = try reader.optionalString(.ticketCode)
        productID = try reader.integer(.productID)
        orderID = try reader.integer(.orderID)
        status = try reader.optionalString(.status)
        count = try reader.integer(.count)
        validUntil = try reader.optionalDate(.validUntil)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.productID, productID)
        writer.write(.orderID, orderID)
        writer.write(.status, status)
        writer.write(.count, count)
        writer.write(.validUntil, validUntil)
    }
}

/// Answers `tickets.issue`.
package struct IssueTicketsResponse: WireMessage {
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
