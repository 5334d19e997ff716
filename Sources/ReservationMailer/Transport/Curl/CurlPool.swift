import Synchronization

/// A fixed number of threads and as many handles.
///
/// The handle that was used last is used next, so that the fewest connections are kept, and those are warm.
final class CurlPool: Sendable {
    private let threads: SendingThreads
    private let idle = Mutex<[IdleHandle]>([])

    init(connections: Int) {
        threads = SendingThreads(count: connections)
    }

    /// Does all of `work` with one handle on one of the threads.
    func run<Result: Sendable>(_ work: @escaping @Sendable (CurlHandle) -> Result) async -> Result? {
        await threads.run {
            guard let handle = self.idle.withLock({ $0.popLast() })?.handle ?? CurlHandle() else { return nil }
            defer { self.idle.withLock { $0.append(IdleHandle(handle: handle)) } }
            return work(handle)
        }
    }

    /// A handle that nobody uses.
    ///
    /// Unchecked: libcurl lets a handle go from thread to thread as long as no two use it at once. It lies in the list only while it is
    /// idle, is taken out under the lock, and `run` gives it to one piece of work, which ends before it is put back.
    private struct IdleHandle: @unchecked Sendable {
        let handle: CurlHandle
    }
}
