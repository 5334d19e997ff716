import NIOCore

/// One PING until its PONG. Lives on its lane's event loop.
final class PendingPing {
    let id: UInt64
    let deadline: NIODeadline
    let continuation: CheckedContinuation<ClientError?, Never>
    var isSent = false

    init(id: UInt64, deadline: NIODeadline, continuation: CheckedContinuation<ClientError?, Never>) {
        self.id = id
        self.deadline = deadline
        self.continuation = continuation
    }
}
