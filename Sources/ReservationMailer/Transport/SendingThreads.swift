import NIOPosix

/// The threads on which calls wait for a network or a disk.
///
/// libcurl's calls last as long as the peer takes. On the cooperative pool a few slow servers would stop everything else in the process.
final class SendingThreads: Sendable {
    private let pool: NIOThreadPool

    init(count: Int) {
        pool = NIOThreadPool(numberOfThreads: max(1, count))
        pool.start()
    }

    deinit {
        // Otherwise the threads would outlive their owner.
        pool.shutdownGracefully { _ in }
    }

    /// Runs `work` to its end, whatever becomes of the task: what has been begun with a provider must be known to its end.
    func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            // Both states run the work: one that were dropped when the pool shuts down would leave its task suspended for ever.
            pool.submit { _ in continuation.resume(returning: work()) }
        }
    }
}
