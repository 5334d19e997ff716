import ReservationCore

/// Reserves a place for a ticket.
package enum CreateReservation: Operation {
    package typealias Request = CreateReservationRequest
    package typealias Response = CreateReservationResponse
    package static var opcode: Opcode { .reservationCreate }
}

/// Asks for `reservation.create`.
package struct CreateReservationRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64
    /// Must be the ticket's own where it is given.
    package var ticketCode: String?
    /// The slot.
    package var slotID: UInt64
    /// The same key and request later gets the same answer and acts once.
    package var idempotencyKey: UInt128?
    /// Where the confirmation goes.
    package var customerEmail: String
    /// With + and country code.
    package var customerPhone: String
    /// Of the confirmation, `de`; English when absent.
    package var language: String?
    /// What the request is called in the logs of all programs: 1 to 64 characters of `[A-Za-z0-9._-]`.
    package var requestID: String?

    package init(
        orq: UInt64, ticketID: UInt64, ticketCode: String? = nil, slotID: UInt64, idempotencyKey: UInt128? = nil,
        customerEmail: String, customerPhone: String, language: String? = nil, requestID: String? = nil
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.slotID = slotID
        self.idempotencyKey = idempotencyKey
        self.customerEmail = customerEmail
        self.customerPhone = customerPhone
        self.language = language
        self.requestID = requestID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketID = try reader.integer(.ticketID)
        ticketCode = try reader.optionalString(.ticketCode)
        slotID = try reader.integer(.slotID)
        idempotencyKey = try reader.optionalBytes16(.idempotencyKey)
        customerEmail = try reader.string(.customerEmail)
        customerPhone = try reader.string(.customerPhone)
        language = try reader.optionalString(.language)
        requestID = try reader.optionalString(.requestID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.slotID, slotID)
        writer.write(.idempotencyKey, idempotencyKey)
        writer.write(.customerEmail, customerEmail)
        writer.write(.customerPhone, customerPhone)
        writer.write(.language, language)
        writer.write(.requestID, requestID)
    }
}

/// Answers `reservation.create`.
package struct CreateReservationResponse: WireMessage {
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
    /// When the place was taken.
    package var reservedAt: Instant
    /// When the slot takes place.
    package var slot: SlotTime
    /// Whether the confirmation is durably queued.
    package var confirmationQueued: Bool

    package init(
        orq: UInt64, ticketID: UInt64, ticketCode: String, slotID: UInt64, reservationID: UInt64, reservedAt: Instant, slot: SlotTime,
        confirmationQueued: Bool
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.slotID = slotID
        self.reservationID = reservationID
        self.reservedAt = reservedAt
        self.slot = slot
        self.confirmationQueued = confirmationQueued
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketID = try reader.integer(.ticketID)
        ticketCode = try reader.string(.ticketCode)
        slotID = try reader.integer(.slotID)
        reservationID = try reader.integer(.reservationID)
        reservedAt = try reader.instant(.reservedAt)
        slot = try reader.message(.slot, SlotTime.self)
        confirmationQueued = try reader.bool(.confirmationQueued)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.slotID, slotID)
        writer.write(.reservationID, reservationID)
        writer.write(.reservedAt, reservedAt)
        writer.write(.slot, slot)
        writer.write(.confirmationQueued, confirmationQueued)
    }
}
