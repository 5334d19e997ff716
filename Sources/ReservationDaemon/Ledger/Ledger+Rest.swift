import NIOCore
import ReservationCore

/// What the ledger does between groups, so that neither the log nor what is past its use grows without end.
extension Ledger {
    /// What is done when nobody waits: old idempotency records go a few at a time, and so do messages that were sent long ago.
    func rest() {
        guard terminalFailure == nil else { return }
        let now = settings.uptime()
        guard now - lastSweep > .seconds(60), isWritable else { return }
        lastSweep = now
        let horizon = Instant(seconds: settings.clock().seconds - Limits.idempotencySeconds)
        do throws(StorageFailure) {
            try store.begin()
            _ = try store.removeIdempotencyRecords(before: horizon, limit: settings.sweepLimit)
            let old = Instant(seconds: settings.clock().seconds - settings.eventRetentionSeconds)
            let events = try store.removeEvents(before: old, limit: settings.sweepLimit)
            // There is more: the next idle moment goes on with it.
            if events > 0 { lastSweep = now - .seconds(59) }
            let forgotten = Instant(seconds: settings.clock().seconds - settings.outboxRetentionSeconds)
            forgottenUpTo = try store.removeOutboxEntries(behind: forgottenUpTo, before: forgotten, limit: settings.sweepLimit)
            try store.commit()
        } catch {
            store.rollback()
            note(GroupFailure(failure: error, duringCommit: true))
        }
    }

    /// Moves the log into the database when that is due, which depends on how many asked at once.
    ///
    /// A small group means that the ledger keeps up: then a checkpoint is the longest that anybody waits, and it should be short. A large
    /// one means that all wait for the ledger: then the pages that many bookings share should be written once, so it should be rare.
    ///
    /// A checkpoint that fails takes nothing back: every committed page is in the log, and the next one copies them all again. So it is
    /// told, once until it succeeds, and bookings go on; a disk that is really full shows at a commit.
    func checkpoint(afterGroupOf count: Int) {
        let (short, long) = (settings.shortCheckpointPages, settings.longCheckpointPages)
        store.checkpoint(ifLogExceeds: short + (long - short) * min(count, settings.groupLimit) / settings.groupLimit)
        switch (store.checkpointFailure, checkpointHasFailed) {
        case (let failure?, false):
            checkpointHasFailed = true
            settings.onCheckpointFailure(failure)
        case (nil, true): checkpointHasFailed = false
        default: break
        }
    }
}
