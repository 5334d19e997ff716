import ReservationCore

/// What a group changed about messages, to be counted when it is committed; and which messages are lent.
///
/// Leases of the daemon's life before are not known here: until they are reported or over, their messages count as waiting.
struct OutboxTally {
    enum End {
        case sent
        case retried
        case failed
    }

    private var ends: [End] = []
    private var changes: [(id: OutboxID, leasedUntil: Instant?)] = []
    private var leases: [OutboxID: Instant] = [:]

    /// A group begins; what the one before noted and did not commit did not happen.
    mutating func begin() {
        guard !changes.isEmpty || !ends.isEmpty else { return }
        ends.removeAll()
        changes.removeAll()
    }

    /// - Parameter report: nil for what is no mailer's report.
    mutating func note(_ entry: OutboxEntry, _ report: OutboxRules.Report?) {
        changes.append((entry.id, entry.state == .leased ? entry.dueAt : nil))
        guard entry.kind == .email else { return }
        switch report {
        case .sent: ends.append(.sent)
        case .retry: ends.append(.retried)
        case .givenUp: ends.append(.failed)
        case nil: break
        }
    }

    mutating func commit(_ metrics: LedgerMetrics?) {
        guard !changes.isEmpty else { return }
        for end in ends { metrics?.record(end) }
        for change in changes { leases[change.id] = change.leasedUntil }
        begin()
    }

    /// Messages that a mailer holds.
    mutating func leased(at now: Instant) -> Int {
        leases = leases.filter { $0.value > now }
        return leases.count
    }
}
