import ReservationCore

/// A ticket's live reservation.
package struct ReservationMessage: WireMessage {
    /// The slot.
    package var slotID: UInt64
    /// The reservation; not a secret.
    package var reservationID: UInt64
    /// Where the confirmation goes.
    package var customerEmail: String
    /// With + and country code.
    package var customerPhone: String
    /// The registry's word, `ACTIVATED` or `FULL` for instance.
    package var status: String
    /// When the place was taken.
    package var reservedAt: Instant
    /// When the slot takes place.
    package var slot: SlotTime

    package init(
        slotID: UInt64, reservationID: UInt64, customerEmail: String, customerPhone: String, status: String, reservedAt: Instant,
        slot: SlotTime
    ) {
        self.slotID = slotID
        self.reservationID = reservationID
        self.customerEmail = customerEmail
        self.customerPhone = customerPhone
        self.status = status
        self.reservedAt = reservedAt
        self.slot = slot
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        slotID = try reader.integer(.slotID)
        reservationID = try reader.integer(.reservationID)
        customerEmail = try reader.string(.customerEmail)
        customerPhone = try reader.string(.customerPhone)
        status = try reader.string(.status)
        reservedAt = try reader.instant(.reservedAt)
        slot = try reader.message(.slot, SlotTime.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.slotID, slotID)
        writer.write(.reservationID, reservationID)
        writer.write(.customerEmail, customerEmail)
        writer.write(.customerPhone, customerPhone)
        writer.write(.status, status)
        writer.write(.reservedAt, reservedAt)
        writer.write(.slot, slot)
    }
}

extension ReservationMessage {
    /// - Parameter slot: the slot that the reservation names.
    package init(_ reservation: Reservation, slot: Slot) {
        self.init(
            slotID: UInt64(reservation.slot.rawValue), reservationID: UInt64(reservation.id.rawValue),
            customerEmail: reservation.email.text, customerPhone: reservation.phone.text, status: reservation.status.rawValue,
            reservedAt: reservation.reservedAt, slot: SlotTime(slot))
    }
}
