/// A way by which messages leave.
package protocol Transport: Sendable {
    /// Sends one message and tells what became of it. Never throws: whatever happens is one of the outcomes.
    func send(_ message: OutgoingMessage) async -> SendResult
}

/// What became of one attempt.
package enum SendResult: Hashable, Sendable {
    /// Whoever took it answers for it from now on.
    case accepted(providerID: String?)
    /// It may go another time. Nobody need know whether it has gone already: the Message-ID stays the same.
    ///
    /// - Parameter after: what the provider asked for; it means that nothing else should be sent before either.
    case retry(after: Duration?, FailureReason)
    /// It will never go: this address or this message is not taken.
    case refused(FailureReason)
    /// Not this message, but whoever sends it is refused: no other will fare better until an operator has mended the settings.
    case credentialsRefused(FailureReason)
}
