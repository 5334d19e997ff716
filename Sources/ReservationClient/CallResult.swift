import ReservationWire

/// How a call ended.
package enum CallResult<Response: Sendable>: Sendable {
    /// The daemon did it.
    ///
    /// - Parameter replayed: it had done so before, under the same idempotency key, and says the same again.
    case answered(Response, replayed: Bool)
    /// The daemon said no: nothing was changed. Also OVERLOADED, UNAVAILABLE and OUTCOME_UNKNOWN once retrying was of no use before the
    /// deadline; after OUTCOME_UNKNOWN alone the change may have been made.
    case refused(Status, ErrorReply)
    /// No answer; see ``ClientError/mayHaveExecuted``.
    case failed(ClientError)
}

extension CallResult: Equatable where Response: Equatable {}
