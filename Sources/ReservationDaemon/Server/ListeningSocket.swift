import Glibc
import ReservationCore
import ReservationProcess

/// A Unix socket that callers of one role connect to.
package struct ListeningSocket: Sendable {
    package let role: Role
    let descriptor: Int32
    /// Set for a socket this process made and so removes; nil for one that systemd owns and keeps over restarts.
    let path: String?

    /// The sockets systemd handed over (`LISTEN_FDS`, named by `FileDescriptorName=`).
    ///
    /// - Returns: nil when none were handed over.
    package static func inherited() throws(ListeningSocketError) -> [ListeningSocket]? {
        let sockets: [InheritedSocket]
        do throws(InheritanceError) {
            sockets = try InheritedSocket.all(named: Role.allCases.map(\.name), family: AF_UNIX)
        } catch {
            throw .activation(error.reason)
        }
        guard !sockets.isEmpty else { return nil }
        return sockets.compactMap { socket in
            Role.allCases.first { $0.name == socket.name }.map { ListeningSocket(role: $0, descriptor: socket.descriptor, path: nil) }
        }
    }

    /// Makes `gateway.sock`, `service.sock` and `admin.sock` in a directory.
    ///
    /// Who may connect is decided by the files' modes: the first two are for the group, the last for the owner alone.
    package static func make(in directory: String) throws(ListeningSocketError) -> [ListeningSocket] {
        var sockets: [ListeningSocket] = []
        for role in Role.allCases {
            do throws(ListeningSocketError) {
                sockets.append(try make(role, at: "\(directory)/\(role.name).sock"))
            } catch {
                for socket in sockets { socket.discard() }
                throw error
            }
        }
        return sockets
    }

    private static func make(_ role: Role, at path: String) throws(ListeningSocketError) -> ListeningSocket {
        guard var address = unixAddress(path) else { throw .pathTooLong(path) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .cannotMake(path, errno) }
        // A socket file may be left from a daemon that was killed. Somebody who answers on it is alive and must be left alone.
        if isAnswered(&address) {
            close(descriptor)
            throw .inUse(path)
        }
        unlink(path)
        let mask = umask(role == .admin ? 0o177 : 0o117)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        let reason = errno
        umask(mask)
        guard bound == 0 else {
            close(descriptor)
            throw .cannotMake(path, reason)
        }
        return ListeningSocket(role: role, descriptor: descriptor, path: path)
    }

    private static func isAnswered(_ address: inout sockaddr_un) -> Bool {
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { return false }
        defer { close(probe) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(probe, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        // EAGAIN: the backlog is full, so somebody listens.
        return result == 0 || errno == EAGAIN
    }

    private static func unixAddress(_ path: String) -> sockaddr_un? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < capacity else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    /// Closes the descriptor, and removes the file if this process made it.
    func discard() {
        close(descriptor)
        removeFile()
    }

    func removeFile() {
        if let path { unlink(path) }
    }
}

/// What keeps the daemon from listening.
package enum ListeningSocketError: Error {
    case activation(String)
    case pathTooLong(String)
    case cannotMake(String, Int32)
    case inUse(String)

    /// What happened and what to do, for the operator.
    package var message: String {
        switch self {
        case .activation(let reason): "Socket activation failed: \(reason). Check the .socket units."
        case .pathTooLong(let path): "The socket path \(path) is longer than 107 bytes. Choose a shorter --socket-directory."
        case .cannotMake(let path, let code):
            "The socket \(path) cannot be made (\(String(cString: strerror(code)))). "
                + "The --socket-directory must exist and be writable for this user."
        case .inUse(let path): "Another daemon answers on \(path). Stop it first, or choose another --socket-directory."
        }
    }
}
