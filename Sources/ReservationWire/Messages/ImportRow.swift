import ReservationCore

/// One ticket to take over.
package struct ImportRow: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// A random one when absent.
    package var ticketID: UInt64?
    /// The secret printed on the ticket, `TKT-2026-ABC123-DEF456`.
    package var ticketCode: String
    /// What was bought, by the shop's number.
    package var productID: UInt64
    /// The order, by the shop's number.
    package var orderID: UInt64
    /// `ACTIVATED` when absent.
    package var status: String?
    /// The last day on which it is valid, in the organisation's time zone; for ever when absent.
    package var validUntil: CalendarDate?

    package init(
        orq: UInt64, ticketID: UInt64? = nil, ticketCode: String, productID: UInt64, orderID: UInt64, status: String? = nil,
        validUntil: CalendarDate? = nil
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.productID = productID
        self.orderID = orderID
        self.status = status
        self.validUntil = validUntil
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketID = try reader.optionalInteger(.ticketID)
        ticketCode = try reader.string(.ticketCode)
        productID = try reader.integer(.productID)
        orderID = try reader.integer(.orderID)
        status = try reader.optionalString(.status)
        validUntil = try reader.optionalDate(.validUntil)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.productID, productID)
        writer.write(.orderID, orderID)
        writer.write(.status, status)
        writer.write(.validUntil, validUntil)
    }
}
