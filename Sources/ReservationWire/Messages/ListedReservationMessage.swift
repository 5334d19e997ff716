import ReservationCore

/// A reservation with all that is known of it, as lists have it.
package struct ListedReservationMessage: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64
    /// The secret printed on the ticket, or as much of it as may be shown.
    package var ticketCode: String
    /// The slot.
    package var slotID: UInt64
    /// The reservation; not a secret.
    package var reservationID: UInt64
    /// What was sold, as the shop numbers it.
    package var productID: UInt64
    /// The order, as the shop numbers it.
    package var orderID: UInt64
    /// Where messages go, or as much of it as may be shown.
    package var customerEmail: String
    /// With + and country code, or as much of it as may be shown.
    package var customerPhone: String
    /// `RESERVED`, `CANCELLED` or `VERIFIED`.
    package var status: String
    /// When it was last changed: moved, cancelled, let in.
    package var updatedAt: Instant
    /// When the place was taken.
    package var reservedAt: Instant
    /// When the slot takes place.
    package var slot: SlotTime
    /// `en`, `de`, `es` or `fr`.
    package var language: String
    /// How often the reservation was changed; raised by each move and by its cancellation.
    package var sequence: UInt64
    /// When the visitor was let in.
    package var verifiedAt: Instant?
    /// By which operator.
    package var verifiedBy: UInt64?

    package init(
        orq: UInt64, ticketID: UInt64, ticketCode: String, slotID: UInt64, reservationID: UInt64, productID: UInt64, orderID: UInt64,
        customerEmail: String, customerPhone: String, status: String, updatedAt: Instant, reservedAt: Instant, slot: SlotTime,
        language: String, sequence: UInt64, verifiedAt: Instant? = nil, verifiedBy: UInt64? = nil
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.slotID = slotID
        self.reservationID = reservationID
        self.productID = productID
        self.orderID = orderID
        self.customerEmail = customerEmail
        self.customerPhone = customerPhone
        self.status = status
        self.updatedAt = updatedAt
        self.reservedAt = reservedAt
        self.slot = slot
        self.language = language
        self.sequence = sequence
        self.verifiedAt = verifiedAt
        self.verifiedBy = verifiedBy
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketID = try reader.integer(.ticketID)
        ticketCode = try reader.string(.ticketCode)
        slotID = try reader.integer(.slotID)
        reservationID = try reader.integer(.reservationID)
        productID = try reader.integer(.productID)
        orderID = try reader.integer(.orderID)
        customerEmail = try reader.string(.customerEmail)
        customerPhone = try reader.string(.customerPhone)
        status = try reader.string(.status)
        updatedAt = try reader.instant(.updatedAt)
        reservedAt = try reader.instant(.reservedAt)
        slot = try reader.message(.slot, SlotTime.self)
        language = try reader.string(.language)
        sequence = try reader.integer(.sequence)
        verifiedAt = try reader.optionalInteger(.verifiedAt).map { Instant(seconds: Int64($0)) }
        verifiedBy = try reader.optionalInteger(.verifiedBy)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.slotID, slotID)
        writer.write(.reservationID, reservationID)
        writer.write(.productID, productID)
        writer.write(.orderID, orderID)
        writer.write(.customerEmail, customerEmail)
        writer.write(.customerPhone, customerPhone)
        writer.write(.status, status)
        writer.write(.updatedAt, updatedAt)
        writer.write(.reservedAt, reservedAt)
        writer.write(.slot, slot)
        writer.write(.language, language)
        writer.write(.sequence, sequence)
        if let verifiedAt { writer.write(.verifiedAt, verifiedAt) }
        writer.write(.verifiedBy, verifiedBy)
    }
}
