/// Tickets in the order of their ids, page by page.
package enum ListTickets: Operation {
    package typealias Request = ListTicketsRequest
    package typealias Response = ListTicketsResponse
    package static var opcode: Opcode { .ticketsList }
}

/// Asks for `tickets.list`.
package struct ListTicketsRequest: WireMessage {
    /// Only of this organisation.
    package var orq: UInt64?
    /// Only those that stand so.
    package var status: String?
    /// Most tickets of the page; 500 is the default and the most.
    package var limit: UInt64?
    /// Whether ticket codes are wanted in full.
    package var contacts: Bool?
    /// The page begins behind this ticket.
    package var afterTicketID: UInt64?

    package init(orq: UInt64? = nil, status: String? = nil, limit: UInt64? = nil, contacts: Bool? = nil, afterTicketID: UInt64? = nil) {
        self.orq = orq
        self.status = status
        self.limit = limit
        self.contacts = contacts
        self.afterTicketID = afterTicketID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.optionalInteger(.orq)
        status = try reader.optionalString(.status)
        limit = try reader.optionalInteger(.limit)
        contacts = try reader.optionalBool(.contacts)
        afterTicketID = try reader.optionalInteger(.afterTicketID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.status, status)
        writer.write(.limit, limit)
        writer.write(.contacts, contacts)
        writer.write(.afterTicketID, afterTicketID)
    }
}

/// Answers `tickets.list`.
package struct ListTicketsResponse: WireMessage {
    /// Whether there may be another page; this one may be empty all the same.
    package var more: Bool
    /// The tickets, as they are now, without their reservations.
    package var tickets: [TicketMessage]
    /// Where the next page begins.
    package var afterTicketID: UInt64?

    package init(more: Bool, tickets: [TicketMessage] = [], afterTicketID: UInt64? = nil) {
        self.more = more
        self.tickets = tickets
        self.afterTicketID = afterTicketID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        more = try reader.bool(.more)
        tickets = try reader.messages(.tickets, TicketMessage.self)
        afterTicketID = try reader.optionalInteger(.afterTicketID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.more, more)
        writer.write(.tickets, tickets)
        writer.write(.afterTicketID, afterTicketID)
    }
}
