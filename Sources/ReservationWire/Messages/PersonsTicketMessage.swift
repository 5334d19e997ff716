/// A ticket that bears somebody's contact.
package struct PersonsTicketMessage: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64
    /// The secret printed on the ticket, `TKT-2026-ABC123-DEF456`.
    package var ticketCode: String
    /// Where messages go.
    package var customerEmail: String?
    /// With + and country code.
    package var customerPhone: String?
    /// `PENDING_PAYMENT`, `ACTIVATED`, `RESERVED`, `VERIFIED` or `EXPIRED`.
    package var status: String

    package init(
        orq: UInt64, ticketID: UInt64, ticketCode: String, customerEmail: String? = nil, customerPhone: String? = nil, status: String
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.customerEmail = customerEmail
        self.customerPhone = customerPhone
        self.status = status
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketID = try reader.integer(.ticketID)
        ticketCode = try reader.string(.ticketCode)
        customerEmail = try reader.optionalString(.customerEmail)
        customerPhone = try reader.optionalString(.customerPhone)
        status = try reader.string(.status)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.customerEmail, customerEmail)
        writer.write(.customerPhone, customerPhone)
        writer.write(.status, status)
    }
}
