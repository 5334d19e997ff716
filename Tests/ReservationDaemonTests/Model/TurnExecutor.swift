import Synchronization

@testable import ReservationDaemon

/// The ledger comes round when the run says so, on the run's own thread: no step waits for a thread to wake, and what is submitted before
/// a turn is one group.
final class TurnExecutor: LedgerExecutor {
    private let waiting = Mutex<[@Sendable () -> Void]>([])

    func submit(_ work: @escaping @Sendable () -> Void) {
        waiting.withLock { $0.append(work) }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        submit { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func takeTurns() {
        while let work = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { work() }
    }

    /// A run is one call that never suspends, and nobody else knows its ledger: wherever it enters, it is alone.
    func checkIsolated() {}
}
