/// How a mailer goes about its work.
package struct MailerSettings: Hashable, Sendable {
    /// Messages that are being sent at once.
    package var connections: Int
    /// Deliveries at hand at once: those that are being sent, and some more so that no connection waits for the daemon.
    package var places: Int
    /// How long deliveries are lent.
    package var lease: Duration
    /// The longest that sending one may take; a delivery whose lease ends sooner is not begun, or two mailers could send it.
    package var sendingTime: Duration
    /// How long to wait at the daemon until something is due. Nothing is used meanwhile.
    package var patience: Duration
    package var retry: RetryPolicy
    /// Pauses between looks whether refused credentials are good again.
    package var probes: ClosedRange<Duration>
    /// Pauses while the daemon does not answer.
    package var reconnect: ClosedRange<Duration>

    /// - Parameters:
    ///   - timeout: of one transfer.
    ///   - lease: nil for twice the timeout and ten seconds.
    package init(connections: Int, timeout: Duration, lease: Duration? = nil) {
        self.connections = max(1, connections)
        // The daemon lends no more at once.
        places = min(256, max(1, connections) * 4)
        // A closed connection is noticed at once, so that its second try has the whole timeout; 1 s is for the daemon's side.
        sendingTime = timeout + .seconds(1)
        self.lease = lease ?? timeout * 2 + .seconds(10)
        patience = .seconds(30)
        retry = RetryPolicy()
        probes = .seconds(30) ... .seconds(600)
        reconnect = .milliseconds(200) ... .seconds(5)
    }
}
