import Glibc
import NIOPosix
import Synchronization

/// The one thread on which the ledger and its database connection live.
///
/// An fsync blocks for as long as the disk takes. On the cooperative pool of a two-core machine one blocked thread is half the pool, and
/// every connection would wait with it; so the ledger has a thread of its own.
final class LedgerThread: LedgerExecutor {
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let thread = Atomic<UInt>(0)

    init() {
        pool.start()
    }

    deinit {
        // Otherwise the thread would outlive its ledger.
        pool.shutdownGracefully { _ in }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // Both states run the job: one that were dropped when the pool shuts down would leave its task suspended for ever.
        pool.submit { _ in job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func submit(_ work: @escaping @Sendable () -> Void) {
        pool.submit { _ in
            self.thread.store(UInt(pthread_self()), ordering: .relaxed)
            work()
        }
    }

    /// Backs `assumeIsolated` in work that came by ``submit(_:)``: such work runs outside any task, so the runtime asks here.
    func checkIsolated() {
        precondition(thread.load(ordering: .relaxed) == UInt(pthread_self()), "the ledger was entered from outside its thread")
    }
}
