/// A message that is to reach a customer, and what has become of it so far.
package struct OutboxEntry: Hashable, Sendable {
    /// The message's identity: the same at each attempt, never given out again.
    package let id: OutboxID
    package let kind: MessageKind
    package let purpose: MessagePurpose
    package let reservation: Reservation
    package let ticketCode: TicketCode
    /// What the booking was called in the logs; nil when it had no name, and of a message that an operator asked for.
    package let requestName: RequestName?
    package var state: OutboxState
    /// How often it was leased since it was queued.
    package var attempts: Int
    /// Rises with each lease, so that a report under an earlier one can be told.
    package var lease: Int64
    /// When it is due; of a leased entry, when its lease is over. Nil when nothing more is to be done.
    package var dueAt: Instant?
    /// Why the last attempt failed.
    package var lastError: String?
    /// The name under which who took the message knows it.
    package var providerID: String?
    package let createdAt: Instant
    /// Since when it is to be sent: an operator may have queued it again.
    package var queuedAt: Instant
    package var updatedAt: Instant

    package init(
        id: OutboxID, kind: MessageKind, purpose: MessagePurpose = .confirmation, reservation: Reservation, ticketCode: TicketCode,
        requestName: RequestName? = nil,
        state: OutboxState, attempts: Int, lease: Int64, dueAt: Instant?, lastError: String?, providerID: String?, createdAt: Instant,
        queuedAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.kind = kind
        self.purpose = purpose
        self.reservation = reservation
        self.ticketCode = ticketCode
        self.requestName = requestName
        self.state = state
        self.attempts = attempts
        self.lease = lease
        self.dueAt = dueAt
        self.lastError = lastError
        self.providerID = providerID
        self.createdAt = createdAt
        self.queuedAt = queuedAt
        self.updatedAt = updatedAt
    }

    /// A message about a reservation, as it is queued.
    package init(
        queued id: OutboxID, _ purpose: MessagePurpose = .confirmation, for reservation: Reservation, ticketCode: TicketCode,
        requestName: RequestName? = nil, now: Instant
    ) {
        self.init(
            id: id, kind: .email, purpose: purpose, reservation: reservation, ticketCode: ticketCode, requestName: requestName,
            state: .queued, attempts: 0, lease: 0, dueAt: now, lastError: nil, providerID: nil, createdAt: now, queuedAt: now,
            updatedAt: now)
    }
}

/// Names a message in the outbox.
package typealias OutboxID = Identifier<OutboxEntry>

/// How a customer is told.
package enum MessageKind: String, CaseIterable, Sendable {
    case email = "EMAIL"
    case sms = "SMS"
}

/// What a message tells of. It says how the reservation stands when it is sent, not when it was queued.
package enum MessagePurpose: String, CaseIterable, Sendable {
    case confirmation = "CONFIRMATION"
    case cancellation = "CANCELLATION"
    /// The visit was moved.
    case change = "CHANGE"
}

/// Where a message stands.
package enum OutboxState: String, CaseIterable, Sendable {
    case queued = "QUEUED"
    /// A mailer has it, for a time.
    case leased = "LEASED"
    case sent = "SENT"
    /// Given up; waits for an operator.
    case failed = "FAILED"
    /// Taken back by an operator, or since the reservation was cancelled or moved before it was sent.
    case cancelled = "CANCELLED"
}
