import CoreMetrics
import NIOCore
import ReservationCore
import ReservationMetrics

/// What the ledger counts, on its own thread.
final class LedgerMetrics: Sendable {
    private let committed: Counter
    private let rolledBack: Counter
    private let duration: Timer
    private let batchSize: Recorder
    private let sent: Counter
    private let retried: Counter
    private let failed: Counter

    init(_ registry: MetricRegistry) {
        committed = registry.counter(.commits, ("result", "committed"))
        rolledBack = registry.counter(.commits, ("result", "rolled_back"))
        duration = registry.timer(.commitDuration)
        batchSize = registry.recorder(.batchSize)
        sent = registry.counter(.confirmations, ("result", "sent"))
        retried = registry.counter(.confirmations, ("result", "retried"))
        failed = registry.counter(.confirmations, ("result", "failed"))
    }

    /// A group that changed something is stored.
    func recordCommit(of requests: Int, took time: TimeAmount) {
        committed.increment()
        duration.recordNanoseconds(time.nanoseconds)
        batchSize.record(requests)
    }

    func recordRollback() { rolledBack.increment() }

    func record(_ end: OutboxTally.End) {
        switch end {
        case .sent: sent.increment()
        case .retried: retried.increment()
        case .failed: failed.increment()
        }
    }
}
