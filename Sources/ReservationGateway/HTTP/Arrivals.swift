import NIOCore
import Synchronization

/// Connections on their way from the listening channels to the tasks that serve them. None may get lost there: its caller would wait.
final class Arrivals<Connection: Sendable>: Sendable {
    let stream: AsyncStream<Connection>
    private let continuation: AsyncStream<Connection>.Continuation
    private let isClosed = Atomic(false)

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    /// To be called on the new connection's loop.
    ///
    /// - Parameter setUp: makes the connection; does not wait for anything.
    /// - Returns: nil when it comes too late.
    func admit(_ setUp: () -> EventLoopFuture<Connection>) -> EventLoopFuture<Void>? {
        guard !isClosed.load(ordering: .acquiring) else { return nil }
        return setUp().map { [continuation] in _ = continuation.yield($0) }
    }

    /// Ends the stream behind those who have been accepted already. To be called when no more are.
    func close(_ group: any EventLoopGroup) async {
        // An accepted connection is set up on its own loop, and comes back from there to the listener's: two rounds.
        await passThrough(group)
        await passThrough(group)
        isClosed.store(true, ordering: .releasing)
        await passThrough(group)
        continuation.finish()
    }

    /// What waited on the loops is done after this.
    private func passThrough(_ group: any EventLoopGroup) async {
        for loop in group.makeIterator() { try? await loop.submit {}.get() }
    }
}
