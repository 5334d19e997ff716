import NIOCore

/// Runs the tasks of a connection on the connection's own event loop.
///
/// Otherwise each request wakes a thread of Swift's pool, which wakes the event loop again, and on a machine with two processors these
/// wake-ups cost more than the request. What runs here must not block; drawing a QR code, the longest piece of work, takes some 75 µs.
final class EventLoopTaskExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        loop.execute { job.runSynchronously(on: executor) }
    }
}

/// The executors of a group's event loops. They live as long as the server, and so longer than any task that they run.
struct EventLoopTaskExecutors: Sendable {
    private let executors: [ObjectIdentifier: EventLoopTaskExecutor]

    init(_ group: any EventLoopGroup) {
        executors = Dictionary(
            uniqueKeysWithValues: group.makeIterator().map { (ObjectIdentifier($0), EventLoopTaskExecutor($0)) })
    }

    /// - Returns: nil for a loop of another group, whose tasks then run on Swift's pool.
    func executor(of loop: any EventLoop) -> EventLoopTaskExecutor? {
        executors[ObjectIdentifier(loop)]
    }
}
