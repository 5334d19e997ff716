import Glibc

/// The one owner of a connected socket; closes it when it goes. Blocking until ``stopBlocking()``.
struct StreamSocket: ~Copyable {
    let descriptor: Int32

    /// What a call on a socket that does not block came to.
    enum Progress {
        case bytes(Int)
        case mustWait
        case ended
    }

    init(to endpoint: Endpoint) throws(BenchFailure) {
        let domain: Int32
        switch endpoint {
        case .unix: domain = AF_UNIX
        case .tcp: domain = AF_INET
        }
        let made = socket(domain, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard made >= 0 else { throw Self.failure("make a socket") }
        do throws(BenchFailure) {
            switch endpoint {
            case .unix(let path): try Self.connect(made, path: path)
            case .tcp(let host, let port): try Self.connect(made, host: host, port: port)
            }
        } catch {
            close(made)
            throw error
        }
        descriptor = made
    }

    deinit { close(descriptor) }

    private static func connect(_ descriptor: Int32, path: String) throws(BenchFailure) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw BenchFailure("\(path) is too long for a socket") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        try connect(descriptor, &address, to: path)
    }

    private static func connect(_ descriptor: Int32, host: String, port: UInt16) throws(BenchFailure) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else { throw BenchFailure("\(host) is not an IPv4 address") }
        try connect(descriptor, &address, to: "\(host):\(port)")
        // A small request must not wait for the answer before it.
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func connect<Address>(_ descriptor: Int32, _ address: inout Address, to name: String) throws(BenchFailure) {
        let code = withUnsafeBytes(of: &address) { bytes in
            Glibc.connect(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        guard code == 0 else { throw failure("connect to \(name)") }
    }

    /// The process at the other end of a Unix socket.
    var peerProcess: Int32? {
        // struct ucred: pid, uid, gid.
        var credentials: (Int32, UInt32, UInt32) = (0, 0, 0)
        var size = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0, credentials.0 > 0 else { return nil }
        return credentials.0
    }

    func stopBlocking() throws(BenchFailure) {
        guard fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) == 0 else { throw Self.failure("stop blocking") }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(BenchFailure) -> Progress {
        let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        return try Self.progress(count, "write")
    }

    func read(into bytes: UnsafeMutableRawBufferPointer) throws(BenchFailure) -> Progress {
        let count = recv(descriptor, bytes.baseAddress, bytes.count, 0)
        return count == 0 ? .ended : try Self.progress(count, "read")
    }

    private static func progress(_ count: Int, _ action: String) throws(BenchFailure) -> Progress {
        if count >= 0 { return .bytes(count) }
        switch errno {
        case EAGAIN, EINTR: return .mustWait
        case ECONNRESET, EPIPE: return .ended
        default: throw failure(action)
        }
    }

    private static func failure(_ action: String) -> BenchFailure {
        BenchFailure("Could not \(action): \(String(cString: strerror(errno)))")
    }
}
