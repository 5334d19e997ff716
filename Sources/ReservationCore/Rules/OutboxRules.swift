/// What may become of a message in the outbox: pure functions of the entry, the report and the clock.
///
/// Nothing here ever ends an entry but a report, or an operator: a lease without a report only makes it due again.
package enum OutboxRules {
    /// The entry as its next holder gets it.
    ///
    /// - Parameters:
    ///   - entry: one that is due.
    ///   - milliseconds: how long nobody else gets it.
    package static func leasing(_ entry: OutboxEntry, milliseconds: Int64, now: Instant) -> OutboxEntry {
        var leased = entry
        leased.state = .leased
        leased.attempts += 1
        leased.lease += 1
        leased.dueAt = after(milliseconds, now: now)
        leased.updatedAt = now
        return leased
    }

    /// How it stands at this moment: a lease that is over has gone back by itself.
    package static func state(of entry: OutboxEntry, now: Instant) -> OutboxState {
        if entry.state == .leased, let until = entry.dueAt, until <= now { return .queued }
        return entry.state
    }

    /// What a holder reports.
    package enum Report: Hashable, Sendable {
        case sent(providerID: String?)
        case retry(afterMilliseconds: Int64, reason: String)
        case givenUp(reason: String)
    }

    /// - Parameter lease: the one under which the entry was handed out.
    /// - Returns: the entry as it is then; nil when the lease has passed to another or nothing is to be sent any more.
    package static func reporting(_ report: Report, under lease: Int64, on entry: OutboxEntry, now: Instant) -> OutboxEntry? {
        guard entry.lease == lease, lease > 0 else { return nil }
        var reported = entry
        switch (report, entry.state) {
        case (.sent, .sent): break
        // Cancelled while it was on its way: what was sent was sent, and the operator should know. Also a failure that was not one.
        case (.sent(let provider), _):
            reported.providerID = provider
            reported.lastError = nil
            end(&reported, as: .sent, now: now)
        case (.retry, .sent), (.retry, .cancelled), (.retry, .failed), (.givenUp, .sent), (.givenUp, .cancelled): return nil
        case (.retry(let pause, let reason), _):
            reported.state = .queued
            makeDue(&reported, at: after(pause, now: now))
            reported.lastError = reason
            reported.updatedAt = now
        case (.givenUp, .failed): break
        case (.givenUp(let reason), _):
            reported.lastError = reason
            end(&reported, as: .failed, now: now)
        }
        return reported
    }

    /// Lets a message be tried at once.
    ///
    /// - Returns: nil when it was sent.
    package static func requeueing(_ entry: OutboxEntry, now: Instant) -> OutboxEntry? {
        var requeued = entry
        switch state(of: entry, now: now) {
        case .sent: return nil
        case .leased: return entry
        case .queued:
            guard let due = entry.dueAt, due > now else { return entry }
        case .failed, .cancelled:
            // A report that is still on its way belongs to what was before.
            requeued.lease += 1
            requeued.attempts = 0
            requeued.queuedAt = now
            requeued.lastError = nil
        }
        requeued.state = .queued
        makeDue(&requeued, at: now)
        requeued.updatedAt = now
        return requeued
    }

    /// Takes a message back.
    ///
    /// - Returns: nil when it was sent.
    package static func cancelling(_ entry: OutboxEntry, now: Instant) -> OutboxEntry? {
        switch entry.state {
        case .sent: return nil
        case .cancelled: return entry
        case .queued, .leased, .failed:
            var cancelled = entry
            end(&cancelled, as: .cancelled, now: now)
            return cancelled
        }
    }

    /// Nothing is due before it was queued, which the store relies on to find the oldest; the clock may have been set back.
    private static func makeDue(_ entry: inout OutboxEntry, at moment: Instant) {
        entry.dueAt = moment
        entry.queuedAt = min(entry.queuedAt, moment)
    }

    private static func end(_ entry: inout OutboxEntry, as state: OutboxState, now: Instant) {
        entry.state = state
        entry.dueAt = nil
        entry.updatedAt = now
    }

    /// Never early: the clock shows whole seconds, up to one of which may be over already.
    private static func after(_ milliseconds: Int64, now: Instant) -> Instant {
        milliseconds == 0 ? now : Instant(seconds: now.seconds + (milliseconds + 999) / 1000 + 1)
    }
}
