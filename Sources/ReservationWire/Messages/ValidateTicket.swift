/// Asks whether a ticket could be reserved now; changes nothing.
package enum ValidateTicket: Operation {
    package typealias Request = ValidateTicketRequest
    package typealias Response = ValidateTicketResponse
    package static var opcode: Opcode { .ticketValidate }
}

/// Asks for `ticket.validate`.
package struct ValidateTicketRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// The secret printed on the ticket, `TKT-2026-ABC123-DEF456`.
    package var ticketCode: String
    /// What the request is called in the logs of all programs: 1 to 64 characters of `[A-Za-z0-9._-]`.
    package var requestID: String?

    package init(orq: UInt64, ticketCode: String, requestID: String? = nil) {
        self.orq = orq
        self.ticketCode = ticketCode
        self.requestID = requestID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketCode = try reader.string(.ticketCode)
        requestID = try reader.optionalString(.requestID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketCode, ticketCode)
        writer.write(.requestID, requestID)
    }
}

/// Answers `ticket.validate`.
package struct ValidateTicketResponse: WireMessage {
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64
    /// The secret printed on the ticket, `TKT-2026-ABC123-DEF456`.
    package var ticketCode: String
    /// What was bought, by the shop's number.
    package var productID: UInt64
    /// The order, by the shop's number.
    package var orderID: UInt64
    /// The registry's word, `ACTIVATED` or `FULL` for instance.
    package var status: String

    package init(ticketID: UInt64, ticketCode: String, productID: UInt64, orderID: UInt64, status: String) {
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.productID = productID
        self.orderID = orderID
        self.status = status
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        ticketID = try reader.integer(.ticketID)
        ticketCode = try reader.string(.ticketCode)
        productID = try reader.integer(.productID)
        orderID = try reader.integer(.orderID)
        status = try reader.string(.status)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.productID, productID)
        writer.write(.orderID, orderID)
        writer.write(.status, status)
    }
}
