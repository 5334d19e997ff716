import ReservationCore

/// A ticket with everything there is to know about it.
package struct TicketMessage: WireMessage {
    /// The organisation.
    package var orq: UInt64
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
    /// When it was made.
    package var createdAt: Instant
    /// When it was last changed.
    package var updatedAt: Instant
    /// The live reservation, if there is one.
    package var reservation: ReservationMessage?
    /// The last day on which it is valid, in the organisation's time zone; for ever when absent.
    package var validUntil: CalendarDate?

    package init(
        orq: UInt64, ticketID: UInt64, ticketCode: String, productID: UInt64, orderID: UInt64, status: String, createdAt: Instant,
        updatedAt: Instant, reservation: ReservationMessage? = nil, validUntil: CalendarDate? = nil
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.productID = productID
        self.orderID = orderID
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.reservation = reservation
        self.validUntil = validUntil
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketID = try reader.integer(.ticketID)
        ticketCode = try reader.string(.ticketCode)
        productID = try reader.integer(.productID)
        orderID = try reader.integer(.orderID)
        status = try reader.string(.status)
        createdAt = try reader.instant(.createdAt)
        updatedAt = try reader.instant(.updatedAt)
        reservation = try reader.optionalMessage(.reservation, ReservationMessage.self)
        validUntil = try reader.optionalDate(.validUntil)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.productID, productID)
        writer.write(.orderID, orderID)
        writer.write(.status, status)
        writer.write(.createdAt, createdAt)
        writer.write(.updatedAt, updatedAt)
        writer.write(.reservation, reservation)
        writer.write(.validUntil, validUntil)
    }
}

extension TicketMessage {
    /// - Parameter reservation: the ticket's live reservation.
    package init(_ ticket: Ticket, reservation: ReservationMessage?) {
        // Core keeps product and order ids signed; they come from here and are never negative.
        self.init(
            orq: UInt64(ticket.organization.rawValue), ticketID: UInt64(ticket.id.rawValue), ticketCode: ticket.code.text,
            productID: UInt64(max(0, ticket.productID)), orderID: UInt64(max(0, ticket.orderID)), status: ticket.status.rawValue,
            createdAt: ticket.createdAt, updatedAt: ticket.updatedAt, reservation: reservation,
            validUntil: ticket.validUntil)
    }
}
