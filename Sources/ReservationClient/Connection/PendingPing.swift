import NIOCore

/// One PING until its PONG. Lives on its lane's event loop.
final class PendingPing {
    let id: UInt64
    let deadline: NIODeadline
    let completion: @Sendable (ClientError?) -> Void
    var isSent = false

    init(id: UInt64, deadline: NIODeadline, completion: @escaping @Sendable (ClientError?) -> Void) {
        self.id = id
        self.deadline = deadline
        self.completion = completion
    }
}
