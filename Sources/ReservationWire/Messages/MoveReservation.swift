/// Takes a place in another slot instead.
package enum MoveReservation: Operation {
    package typealias Request = MoveReservationRequest
    package typealias Response = MoveReservationResponse
    package static var opcode: Opcode { .reservationsMove }
}

/// Asks for `reservations.move`.
package struct MoveReservationRequest: WireMessage {
    /// The ticket's organisation; needed only where several have issued the code.
    package var orq: UInt64?
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64?
    /// The secret printed on the ticket, `TKT-2026-ABC123-DEF456`.
    package var ticketCode: String?
    /// The slot that the place is to be in.
    package var slotID: UInt64
    /// The reservation; not a secret.
    package var reservationID: UInt64?
    /// The same key and request later gets the same answer and acts once.
    package var idempotencyKey: UInt128?
    /// Who does it, by the number that the venue gave them.
    package var operatorID: UInt64?
    /// Why, for the history.
    package var reason: String?

    package init(
        orq: UInt64? = nil, ticketID: UInt64? = nil, ticketCode: String? = nil, slotID: UInt64, reservationID: UInt64? = nil,
        idempotencyKey: UInt128? = nil, operatorID: UInt64? = nil, reason: String? = nil
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.slotID = slotID
        self.reservationID = reservationID
        self.idempotencyKey = idempotencyKey
        self.operatorID = operatorID
        self.reason = reason
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.optionalInteger(.orq)
        ticketID = try reader.optionalInteger(.ticketID)
        ticketCode = try reader.optionalString(.ticketCode)
        slotID = try reader.integer(.slotID)
        reservationID = try reader.optionalInteger(.reservationID)
        idempotencyKey = try reader.optionalBytes16(.idempotencyKey)
        operatorID = try reader.optionalInteger(.operatorID)
        reason = try reader.optionalString(.reason)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.slotID, slotID)
        writer.write(.reservationID, reservationID)
        writer.write(.idempotencyKey, idempotencyKey)
        writer.write(.operatorID, operatorID)
        writer.write(.reason, reason)
    }
}

/// Answers `reservations.move`.
package struct MoveReservationResponse: WireMessage {
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
    /// The slot that the place was in before.
    package var previousSlotID: UInt64

    package init(
        orq: UInt64, ticketID: UInt64, ticketCode: String, slotID: UInt64, reservationID: UInt64, status: String, slot: SlotTime,
        sequence: UInt64, previousSlotID: UInt64
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.slotID = slotID
        self.reservationID = reservationID
        self.status = status
        self.slot = slot
        self.sequence = sequence
        self.previousSlotID = previousSlotID
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
        previousSlotID = try reader.integer(.previousSlotID)
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
        writer.write(.previousSlotID, previousSlotID)
    }
}
