import ReservationWire

/// What is told in which case, in one place: for people, with what to do.
extension ErrorReply {
    /// Said by this client itself, so that it is bounded like the daemon.
    static let tooManyPending = ErrorReply(
        message: "Too many requests are waiting. Please try again in a moment.",
        retryAfterMilliseconds: WireLimits.overloadRetryMilliseconds)
}

extension ClientError {
    static func deadlineExceeded(mayHaveExecuted: Bool) -> ClientError {
        ClientError(
            code: .deadlineExceeded,
            message: mayHaveExecuted
                ? "the daemon did not answer in time; the change may have been made: look before you ask again"
                : "the daemon did not answer in time; ask again later",
            mayHaveExecuted: mayHaveExecuted)
    }

    static func outcomeUnknown(_ operation: String, underlying: String? = nil) -> ClientError {
        ClientError(
            code: .outcomeUnknown,
            message: "the connection broke during \(operation); the change may have been made: look before you ask again",
            underlying: underlying, mayHaveExecuted: true)
    }

    static func violation(_ what: String, socketPath: String) -> ClientError {
        ClientError(
            code: .protocolViolation, message: "the peer at \(socketPath) does not speak RSV/1 as it should: is this the daemon's socket?",
            underlying: what)
    }

    /// The daemon itself cannot tell.
    static func daemonUnsure(_ operation: String, _ message: String) -> ClientError {
        ClientError(
            code: .outcomeUnknown,
            message: "the daemon cannot tell whether \(operation) was done: look before you ask again",
            underlying: message, mayHaveExecuted: true)
    }

    static func noGreeting(socketPath: String) -> ClientError {
        ClientError(
            code: .unreachable, message: "the daemon at \(socketPath) has not answered the greeting: it is starting up, or hangs")
    }

    static func connectionLost(socketPath: String, isUp: Bool, underlying: String?) -> ClientError {
        ClientError(
            code: .unreachable,
            message: isUp
                ? "the connection to the daemon at \(socketPath) broke"
                : "the peer at \(socketPath) closed the connection without a greeting",
            underlying: underlying)
    }

    static func connectionRefused(_ status: Status, _ reply: ErrorReply, socketPath: String) -> ClientError {
        ClientError(
            code: .unreachable,
            message: status == .tooManyConnections
                ? "the daemon at \(socketPath) takes no more connections: try again later, or raise its limit"
                : "the daemon at \(socketPath) ended the connection",
            underlying: "\(status.name): \(reply.message)")
    }

    static func unsupportedVersion(_ reply: ErrorReply, socketPath: String) -> ClientError {
        let range = "\(reply.versionMin.map { String($0) } ?? "?") to \(reply.versionMax.map { String($0) } ?? "?")"
        return ClientError(
            code: .unsupportedVersion,
            message: "the daemon at \(socketPath) speaks RSV versions \(range), this program \(WireLimits.version): update the older one",
            underlying: reply.message)
    }

    static func cancelled(mayHaveExecuted: Bool) -> ClientError {
        ClientError(code: .cancelled, message: "the call was cancelled", mayHaveExecuted: mayHaveExecuted)
    }

    static func requestTooLarge(bytes: Int) -> ClientError {
        ClientError(
            code: .requestTooLarge,
            message: "the request has \(bytes) bytes, a frame takes \(WireLimits.maxPayloadBytes): ask for less at once")
    }

    static let clientClosed = ClientError(code: .closed, message: "the client was closed")
}
