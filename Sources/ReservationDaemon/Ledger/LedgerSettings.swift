import NIOCore
import ReservationCore

/// What the ledger is told about its surroundings, and its bounds.
struct LedgerSettings: Sendable {
    /// The time by which slots have started and records are dated.
    var clock: @Sendable () -> Instant = SystemClock.now
    /// The time by which deadlines pass and commits are measured: never set back, and the one that the event loops go by.
    var uptime: @Sendable () -> NIODeadline = { .now() }
    /// Most requests that wait; the next hears OVERLOADED at once.
    var queueLimit = 16_384
    /// About how many requests share a commit. Bounds how long the first of a group waits for the last.
    var groupLimit = 512
    /// Pages in the write-ahead log beyond which a checkpoint is due when requests come singly: a few milliseconds' work.
    var shortCheckpointPages = 1_000
    /// The same when groups are as large as they get: 64 MiB of log.
    var longCheckpointPages = 16_384
    /// Most idempotency records forgotten in one idle moment.
    var sweepLimit = 1_000
    /// How long a message that was sent or cancelled is remembered.
    var outboxRetentionSeconds = Int64(Limits.outboxRetentionDays) * 24 * 3600
    /// How long an event can be asked for.
    var eventRetentionSeconds = Int64(Limits.eventRetentionDays) * 24 * 3600
    /// Most mailers' requests that wait for something to be due; the next hears OVERLOADED.
    var waiterLimit = 1_024
    /// What is counted; nothing when nil.
    var metrics: LedgerMetrics?
    /// The store cannot be written; said once until it can.
    var onDegraded: @Sendable (String) -> Void = { _ in }
    /// The log could not be moved into the database; said once until it can.
    var onCheckpointFailure: @Sendable (StorageFailure) -> Void = { _ in }
    /// A constraint or another defect of ours stopped a request.
    var onDefect: @Sendable (String) -> Void = { _ in }
    /// The process must end. Every answer of the group has been handed out.
    var onTerminalFailure: @Sendable (GroupFailure) -> Void = { _ in }
}
