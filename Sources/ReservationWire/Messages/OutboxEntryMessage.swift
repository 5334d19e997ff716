import ReservationCore

/// A message in the outbox and what has become of it.
package struct OutboxEntryMessage: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// The secret printed on the ticket, `TKT-2026-ABC123-DEF456`.
    package var ticketCode: String
    /// The reservation; not a secret.
    package var reservationID: UInt64
    /// Where the confirmation goes.
    package var customerEmail: String
    /// With + and country code.
    package var customerPhone: String
    /// `QUEUED`, `LEASED`, `SENT`, `FAILED` or `CANCELLED`.
    package var status: String
    /// When it was made.
    package var createdAt: Instant
    /// When it was last changed; of one that was sent, when that became known.
    package var updatedAt: Instant
    /// `en`, `de`, `es` or `fr`.
    package var language: String
    /// The entry.
    package var outboxID: UInt64
    /// How often it was handed out since it was queued.
    package var attempt: UInt64
    /// `email` or `sms`.
    package var kind: String
    /// The name under which who took the message knows it.
    package var providerID: String?
    /// When it is due; of one that is leased, when its lease is over.
    package var nextAttemptAt: Instant?
    /// Why the last attempt failed.
    package var lastError: String?
    /// Since when it is to be sent.
    package var firstQueuedAt: Instant
    /// What the booking was called in the logs; absent when it had no name, and of a message that an operator asked for.
    package var requestID: String?
    /// What it tells of, `cancellation` or `change`; absent for a confirmation.
    package var purpose: String?

    package init(
        orq: UInt64, ticketCode: String, reservationID: UInt64, customerEmail: String, customerPhone: String, status: String,
        createdAt: Instant, updatedAt: Instant, language: String, outboxID: UInt64, attempt: UInt64, kind: String,
        providerID: String? = nil, nextAttemptAt: Instant? = nil, lastError: String? = nil, firstQueuedAt: Instant,
        requestID: String? = nil, purpose: String? = nil
    ) {
        self.orq = orq
        self.ticketCode = ticketCode
        self.reservationID = reservationID
        self.customerEmail = customerEmail
        self.customerPhone = customerPhone
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.language = language
        self.outboxID = outboxID
        self.attempt = attempt
        self.kind = kind
        self.providerID = providerID
        self.nextAttemptAt = nextAttemptAt
        self.lastError = lastError
        self.firstQueuedAt = firstQueuedAt
        self.requestID = requestID
        self.purpose = purpose
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketCode = try reader.string(.ticketCode)
        reservationID = try reader.integer(.reservationID)
        customerEmail = try reader.string(.customerEmail)
        customerPhone = try reader.string(.customerPhone)
        status = try reader.string(.status)
        createdAt = try reader.instant(.createdAt)
        updatedAt = try reader.instant(.updatedAt)
        language = try reader.string(.language)
        outboxID = try reader.integer(.outboxID)
        attempt = try reader.integer(.attempt)
        kind = try reader.string(.kind)
        providerID = try reader.optionalString(.providerID)
        nextAttemptAt = try reader.optionalInteger(.nextAttemptAt).map { Instant(seconds: Int64($0)) }
        lastError = try reader.optionalString(.lastError)
        firstQueuedAt = try reader.instant(.firstQueuedAt)
        requestID = try reader.optionalString(.requestID)
        purpose = try reader.optionalString(.purpose)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketCode, ticketCode)
        writer.write(.reservationID, reservationID)
        writer.write(.customerEmail, customerEmail)
        writer.write(.customerPhone, customerPhone)
        writer.write(.status, status)
        writer.write(.createdAt, createdAt)
        writer.write(.updatedAt, updatedAt)
        writer.write(.language, language)
        writer.write(.outboxID, outboxID)
        writer.write(.attempt, attempt)
        writer.write(.kind, kind)
        writer.write(.providerID, providerID)
        if let nextAttemptAt { writer.write(.nextAttemptAt, nextAttemptAt) }
        writer.write(.lastError, lastError)
        writer.write(.firstQueuedAt, firstQueuedAt)
        writer.write(.requestID, requestID)
        writer.write(.purpose, purpose)
    }
}
