import ReservationCore

/// A confirmation that one mailer holds for a time, with all that its text says.
package struct DeliveryMessage: WireMessage {
    /// The secret printed on the ticket, `TKT-2026-ABC123-DEF456`.
    package var ticketCode: String
    /// The reservation; not a secret.
    package var reservationID: UInt64
    /// Where the confirmation goes.
    package var customerEmail: String
    /// With + and country code.
    package var customerPhone: String
    /// When the slot takes place.
    package var slot: SlotTime
    /// `en`, `de`, `es` or `fr`.
    package var language: String
    /// The entry; the same at each attempt.
    package var outboxID: UInt64
    /// Changes with each lease.
    package var leaseID: UInt64
    /// 1 for the first.
    package var attempt: UInt64
    /// `email` or `sms`.
    package var kind: String
    /// Since when it is to be sent.
    package var firstQueuedAt: Instant
    /// In whose name it is sent.
    package var organization: DeliveryOrganization
    /// When the slot ends, judged in the organisation's time zone.
    package var endsAt: Instant
    /// What the booking was called in the logs; absent when it had no name, and of a message that an operator asked for.
    package var requestID: String?
    /// What it tells of, `cancellation` or `change`; absent for a confirmation.
    package var purpose: String?
    /// How often the reservation was changed; absent for never.
    package var sequence: UInt64?

    package init(
        ticketCode: String, reservationID: UInt64, customerEmail: String, customerPhone: String, slot: SlotTime, language: String,
        outboxID: UInt64, leaseID: UInt64, attempt: UInt64, kind: String, firstQueuedAt: Instant, organization: DeliveryOrganization,
        endsAt: Instant, requestID: String? = nil, purpose: String? = nil, sequence: UInt64? = nil
    ) {
        self.ticketCode = ticketCode
        self.reservationID = reservationID
        self.customerEmail = customerEmail
        self.customerPhone = customerPhone
        self.slot = slot
        self.language = language
        self.outboxID = outboxID
        self.leaseID = leaseID
        self.attempt = attempt
        self.kind = kind
        self.firstQueuedAt = firstQueuedAt
        self.organization = organization
        self.endsAt = endsAt
        self.requestID = requestID
        self.purpose = purpose
        self.sequence = sequence
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        ticketCode = try reader.string(.ticketCode)
        reservationID = try reader.integer(.reservationID)
        customerEmail = try reader.string(.customerEmail)
        customerPhone = try reader.string(.customerPhone)
        slot = try reader.message(.slot, SlotTime.self)
        language = try reader.string(.language)
        outboxID = try reader.integer(.outboxID)
        leaseID = try reader.integer(.leaseID)
        attempt = try reader.integer(.attempt)
        kind = try reader.string(.kind)
        firstQueuedAt = try reader.instant(.firstQueuedAt)
        organization = try reader.message(.organization, DeliveryOrganization.self)
        endsAt = try reader.instant(.endsAt)
        requestID = try reader.optionalString(.requestID)
        purpose = try reader.optionalString(.purpose)
        sequence = try reader.optionalInteger(.sequence)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.ticketCode, ticketCode)
        writer.write(.reservationID, reservationID)
        writer.write(.customerEmail, customerEmail)
        writer.write(.customerPhone, customerPhone)
        writer.write(.slot, slot)
        writer.write(.language, language)
        writer.write(.outboxID, outboxID)
        writer.write(.leaseID, leaseID)
        writer.write(.attempt, attempt)
        writer.write(.kind, kind)
        writer.write(.firstQueuedAt, firstQueuedAt)
        writer.write(.organization, organization)
        writer.write(.endsAt, endsAt)
        writer.write(.requestID, requestID)
        writer.write(.purpose, purpose)
        writer.write(.sequence, sequence)
    }
}
