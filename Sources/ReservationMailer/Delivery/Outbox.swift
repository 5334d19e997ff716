/// Where deliveries come from and where their outcome goes.
package protocol Outbox: Sendable {
    /// Lends what is due to this mailer alone.
    ///
    /// - Parameters:
    ///   - limit: most deliveries that are lent.
    ///   - duration: after it what has not been reported goes back by itself, and may be lent to another.
    ///   - patience: how long to wait until something is due.
    /// - Throws: ``OutboxError``, or `CancellationError` when the waiting was cancelled.
    func lease(limit: Int, for duration: Duration, waiting patience: Duration) async throws -> [Delivery]

    /// It was sent.
    ///
    /// - Parameter providerID: the name under which who took it knows it.
    func done(_ delivery: Delivery, providerID: String?) async throws

    /// It could not be sent, and is due again after a pause.
    func retry(_ delivery: Delivery, after pause: Duration, reason: String) async throws

    /// It will not be sent.
    func deadLetter(_ delivery: Delivery, reason: String) async throws
}

/// Why the outbox did not take or give something.
package enum OutboxError: Error, Hashable {
    /// The lease has passed to another: whatever is reported under the old one comes too late.
    case leaseLost
    /// It was refused for another reason, and would be again.
    case rejected(String)
    /// The daemon does not answer for now.
    case unavailable(String)
}
