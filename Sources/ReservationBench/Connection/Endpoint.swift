import Glibc

/// Where a connection goes.
enum Endpoint: Sendable {
    /// A Unix socket's path.
    case unix(String)
    /// An IPv4 address in figures, and a port.
    case tcp(host: String, port: UInt16)

    /// - Parameter text: `127.0.0.1:8080`.
    static func tcp(_ text: String) throws(BenchFailure) -> Endpoint {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1]) else {
            throw BenchFailure("\(text) is not ADDRESS:PORT, 127.0.0.1:8080 for instance")
        }
        return .tcp(host: String(parts[0]), port: port)
    }
}
