import ReservationCore

/// Lets a visitor in.
package enum CheckIn: Operation {
    package typealias Request = CheckInRequest
    package typealias Response = CheckInResponse
    package static var opcode: Opcode { .ticketsCheckIn }
}

/// Asks for `tickets.check_in`.
package struct CheckInRequest: WireMessage {
    /// The ticket's organisation; needed only where several have issued the code.
    package var orq: UInt64?
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64?
    /// The secret printed on the ticket, `TKT-2026-ABC123-DEF456`.
    package var ticketCode: String?
    /// Who does it, by the number that the venue gave them.
    package var operatorID: UInt64?
    /// Let it in whatever day the visit is for; absent is no.
    package var anyDay: Bool?

    package init(orq: UInt64? = nil, ticketID: UInt64? = nil, ticketCode: String? = nil, operatorID: UInt64? = nil, anyDay: Bool? = nil) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.operatorID = operatorID
        self.anyDay = anyDay
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.optionalInteger(.orq)
        ticketID = try reader.optionalInteger(.ticketID)
        ticketCode = try reader.optionalString(.ticketCode)
        operatorID = try reader.optionalInteger(.operatorID)
        anyDay = try reader.optionalBool(.anyDay)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.operatorID, operatorID)
        writer.write(.anyDay, anyDay)
    }
}

/// Answers `tickets.check_in`.
package struct CheckInResponse: WireMessage {
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
    /// When the slot takes place.
    package var slot: SlotTime
    /// When the visitor was let in.
    package var verifiedAt: Instant
    /// By which operator.
    package var verifiedBy: UInt64?
    /// Whether the same operator has let the same ticket in within the last minute.
    package var repeated: Bool

    package init(
        orq: UInt64, ticketID: UInt64, ticketCode: String, slotID: UInt64, reservationID: UInt64, slot: SlotTime, verifiedAt: Instant,
        verifiedBy: UInt64? = nil, repeated: Bool
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.slotID = slotID
        self.reservationID = reservationID
        self.slot = slot
        self.verifiedAt = verifiedAt
        self.verifiedBy = verifiedBy
        self.repeated = repeated
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketID = try reader.integer(.ticketID)
        ticketCode = try reader.string(.ticketCode)
        slotID = try reader.integer(.slotID)
        reservationID = try reader.integer(.reservationID)
        slot = try reader.message(.slot, SlotTime.self)
        verifiedAt = try reader.instant(.verifiedAt)
        verifiedBy = try reader.optionalInteger(.verifiedBy)
        repeated = try reader.bool(.repeated)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.slotID, slotID)
        writer.write(.reservationID, reservationID)
        writer.write(.slot, slot)
        writer.write(.verifiedAt, verifiedAt)
        writer.write(.verifiedBy, verifiedBy)
        writer.write(.repeated, repeated)
    }
}
