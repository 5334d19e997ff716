import Synchronization

/// What reached the fake daemon, in order.
final class FakeJournal: Sendable {
    let requests: AsyncStream<FakeRequest>
    let connections: AsyncStream<FakeConnection>
    let cancels: AsyncStream<UInt64>
    let onRequest: AsyncStream<FakeRequest>.Continuation
    let onConnection: AsyncStream<FakeConnection>.Continuation
    let onCancel: AsyncStream<UInt64>.Continuation

    /// REQUEST frames, whatever became of them.
    let requestFrames = Atomic<Int>(0)
    let connectionCount = Atomic<Int>(0)

    init() {
        (requests, onRequest) = AsyncStream.makeStream()
        (connections, onConnection) = AsyncStream.makeStream()
        (cancels, onCancel) = AsyncStream.makeStream()
    }
}
