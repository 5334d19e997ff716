import ReservationWire

/// Where the daemon is and how patiently to speak to it.
package struct ClientConfiguration: Sendable {
    /// The Unix socket; its permissions decide what this client may do.
    package var socketPath: String
    /// Who is speaking, for the daemon's log; at most 64 bytes of printable text.
    package var name: String
    /// How payloads are written.
    package var encoding: Encoding
    /// Connections that requests are spread over; each has its own bound of requests in flight, told by the daemon.
    package var connections: Int
    /// How long a call may take when it does not say so itself.
    package var defaultDeadline: Duration
    /// The longest pause before the second attempt to connect, and the one that pauses grow to; each pause is drawn between 0 and
    /// that bound, so that callers of a restarted daemon do not come all at once.
    package var connectBackoff: ClosedRange<Duration>
    /// How long the daemon may take to answer HELLO before the connection is given up; it may still be reading its database.
    package var helloPatience: Duration
    /// Most calls that have begun and not ended, waiting ones included; one more is told OVERLOADED at once.
    package var maxPendingCalls: Int

    package init(
        socketPath: String, name: String, encoding: Encoding = .tlv, connections: Int = 1, defaultDeadline: Duration = .seconds(10),
        connectBackoff: ClosedRange<Duration> = .milliseconds(5)...(.milliseconds(250)), helloPatience: Duration = .seconds(10),
        maxPendingCalls: Int = 8192
    ) {
        self.socketPath = socketPath
        self.name = name
        self.encoding = encoding
        self.connections = connections
        self.defaultDeadline = defaultDeadline
        self.connectBackoff = connectBackoff
        self.helloPatience = helloPatience
        self.maxPendingCalls = maxPendingCalls
    }
}
