import ReservationCore

/// What mailers and operators ask of the outbox.
enum OutboxCommand: Hashable, Sendable {
    case lease(LeaseOrder)
    case report(OutboxID, lease: Int64, OutboxRules.Report)
    case list(OutboxQuery)
    case show(OutboxID)
    case requeue(OutboxID)
    case cancel(OutboxID)
    case resend(ReservationID)

    var writes: Bool {
        switch self {
        case .lease, .report, .requeue, .cancel, .resend: true
        case .list, .show: false
        }
    }
}

/// How many messages a mailer wants, and for how long.
struct LeaseOrder: Hashable, Sendable {
    var limit: Int
    /// How long nobody else gets them.
    var leaseMilliseconds: Int64
    /// How long to wait until something is due.
    var waitMilliseconds: Int64
}

/// How a command about the outbox ended.
enum OutboxOutcome: Sendable {
    case leased([Delivery])
    case reported(OutboxEntry)
    case entry(OutboxEntry)
    case page(OutboxPage)
}

/// A message that one mailer holds, with all that it says.
struct Delivery: Hashable, Sendable {
    var entry: OutboxEntry
    var slot: Slot
    var endsAt: Instant
    var organization: Organization
}
