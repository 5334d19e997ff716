/// What the server's connection does next.
package enum ServerAction: Equatable, Sendable {
    case none
    case send(Frame)
    /// Carry it out; ``ServerSession/completed(requestID:)`` when its answer has been handed to the connection.
    case execute(AcceptedRequest)
    /// The client has lost interest in a request that has not been answered; the answer is owed all the same.
    case cancel(requestID: UInt64)
    /// Send this last, then close; nothing that arrives is read any more.
    case sendThenClose(Frame)
    /// Send what was handed over before, then close.
    case close
}
