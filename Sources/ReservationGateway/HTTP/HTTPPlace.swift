import ReservationProcess

/// Where HTTP is served.
package enum HTTPPlace: Sendable {
    /// A port of our own; 0 takes any free one.
    case address(host: String, port: Int)
    /// Sockets that systemd keeps over restarts; one at least.
    case inherited([InheritedSocket])

    /// Whether callers who come while nobody serves wait for the next process.
    var outlivesProcess: Bool {
        if case .inherited = self { true } else { false }
    }
}

extension HTTPPlace: CustomStringConvertible {
    package var description: String {
        switch self {
        case .address(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .inherited: "systemd's socket"
        }
    }
}
