import NIOCore

/// What the client's connection does next.
package enum ClientAction: Equatable, Sendable {
    case none
    /// The server takes requests from now on.
    case ready(HelloAck)
    /// One request has its answer.
    case answer(requestID: UInt64, Answer)
    /// The server takes no more requests here; those with these ids, ascending, were not and will not be executed: ask again on a new
    /// connection. The others will still be answered before the server closes.
    case resend([UInt64])
    /// An EVENT or a PONG.
    case event(Frame)
    /// Close. Then ``ClientSession/closed()`` names the requests whose fate is unknown.
    case fail(ClientFailure)
}

/// How one request ended.
package enum Answer: Equatable, Sendable {
    /// RESPONSE: success. The payload is the operation's response, not decoded yet.
    case response(payload: ByteBuffer, encoding: Encoding, isReplayed: Bool)
    /// ERROR. A status that this side does not know comes as a plain one of its class.
    case refused(Status, ErrorReply)
}

/// Why a connection is of no more use.
package enum ClientFailure: Error, Equatable {
    /// The server said so and closes.
    case refused(Status, ErrorReply)
    /// The server broke the protocol; the text says how.
    case violation(String)
}
