/// Gives a place back; the ticket can be reserved again.
package enum CancelReservation: Operation {
    package typealias Request = CancelReservationRequest
    package typealias Response = CancelReservationResponse
    package static var opcode: Opcode { .reservationsCancel }
}

/// Asks for `reservations.cancel`.
package struct CancelReservationRequest: WireMessage {
    /// The ticket's organisation; needed only where several have issued the code.
    package var orq: UInt64?
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64?
    /// The secret printed on the ticket, `TKT-2026-ABC123-DEF456`.
    package var ticketCode: String?
    /// The reservation; not a secret.
    package var reservationID: UInt64?
    /// Who does it, by the number that the venue gave them.
    package var operatorID: UInt64?
    /// Why, for the history.
    package var reason: String?

    package init(
        orq: UInt64? = nil, ticketID: UInt64? = nil, ticketCode: String? = nil, reservationID: UInt64? = nil, operatorID: UInt64? = nil,
        reason: String? = nil
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.reservationID = reservationID
        self.operatorID = operatorID
        self.reason = reason
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.optionalInteger(.orq)
        ticketID = try reader.optionalInteger(.ticketID)
        ticketCode = try reader.optionalString(.ticketCode)
        reservationID = try reader.optionalInteger(.reservationID)
        operatorID = try reader.optionalInteger(.operatorID)
        reason = try reader.optionalString(.reason)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.reservationID, reservationID)
        writer.write(.operatorID, operatorID)
        writer.write(.reason, reason)
    }
}

/// Answers `reservations.cancel`.
package struct CancelReservationResponse: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64
    /// The secret printed on the ticket, `TKT-2026-ABC123-DEF456`.
    package var ticketCode: String
    /// The slot.
    package var slotID: UInt64
    /// The reservation; not a secret.
    package var reservationID: UInt64
    /// `RESERVED`, `CANCELLED` or `VERIFIED`.
    package var status: String
    /// When the slot takes place.
    package var slot: SlotTime
    /// How often the reservation was changed; raised by each move and by its cancellation.
    package var sequence: UInt64

    package init(
        orq: UInt64, ticketID: UInt64, ticketCode: String, slotID: UInt64, reservationID: UInt64, status: String, slot: SlotTime,
        sequence: UInt64
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.slotID = slotID
        self.reservationID = reservationID
        self.status = status
        self.slot = slot
        self.sequence = sequence
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketID = try reader.integer(.ticketID)
        ticketCode = try reader.string(.ticketCode)
        slotID = try reader.integer(.slotID)
        reservationID = try reader.integer(.reservationID)
        status = try reader.string(.status)
        slot = try reader.message(.slot, SlotTime.self)
        sequence = try reader.integer(.sequence)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.slotID, slotID)
        writer.write(.reservationID, reservationID)
        writer.write(.status, status)
        writer.write(.slot, slot)
        writer.write(.sequence, sequence)
    }
}
