/// Why a call ended without an answer of the daemon.
package struct ClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of end it was; decides what a program does next.
    package enum Code: String, CaseIterable, Sendable {
        /// No connection to a daemon came about before the deadline, or none can with this path.
        case unreachable
        /// The socket's permissions keep this process out.
        case notPermitted
        /// The deadline passed before the answer came.
        case deadlineExceeded
        /// The request was under way when the connection broke and must not be sent twice.
        case outcomeUnknown
        /// The peer does not keep to RSV/1.
        case protocolViolation
        /// The peer speaks no version that this client speaks.
        case unsupportedVersion
        /// The request is larger than a frame may be.
        case requestTooLarge
        /// The calling task was cancelled.
        case cancelled
        /// The client was closed.
        case closed
    }

    package var code: Code
    /// For people: what went wrong and what to do.
    package var message: String
    /// What the system or the peer said, for logs.
    package var underlying: String?
    /// Whether a change that was asked for may have been made all the same. Never true of a read.
    package var mayHaveExecuted: Bool

    package init(code: Code, message: String, underlying: String? = nil, mayHaveExecuted: Bool = false) {
        self.code = code
        self.message = message
        self.underlying = underlying
        self.mayHaveExecuted = mayHaveExecuted
    }

    package var description: String {
        underlying.map { "\(code.rawValue): \(message) (\($0))" } ?? "\(code.rawValue): \(message)"
    }
}
