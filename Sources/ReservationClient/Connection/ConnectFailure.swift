import Glibc
import NIOCore

/// What became of an attempt to connect.
enum ConnectFailure {
    /// The daemon is not there yet; it may be in a moment.
    case transient(ClientError)
    /// Trying again cannot help.
    case permanent(ClientError)

    init(_ error: any Error, socketPath path: String) {
        if error is SocketAddressError {
            // sun_path holds 108 bytes with the terminating zero (unix(7)).
            self = .permanent(
                ClientError(
                    code: .unreachable, message: "the path \(path) cannot name a socket: it must be at most 107 bytes long",
                    underlying: "\(error)"))
            return
        }
        guard let code = (error as? IOError)?.errnoCode else {
            self = .transient(
                ClientError(
                    code: .unreachable, message: "cannot connect to the reservation daemon at \(path)", underlying: "\(error)"))
            return
        }
        func unreachable(_ message: String) -> ClientError {
            ClientError(code: .unreachable, message: message, underlying: "connect: errno \(code)")
        }
        switch code {
        case EACCES, EPERM:
            self = .permanent(
                ClientError(
                    code: .notPermitted, message: "this process may not open the socket \(path)", underlying: "connect: errno \(code)"))
        case ENOENT:
            self = .transient(unreachable("there is no socket \(path): is reservationd running, and is this its socket?"))
        case ECONNREFUSED:
            self = .transient(unreachable("nobody listens on \(path): start reservationd"))
        case EAGAIN:
            // A Unix socket's connect does not wait when the listener's backlog is full (unix(7)).
            self = .transient(unreachable("the daemon at \(path) does not keep up with new connections"))
        case ECONNRESET, EPIPE, ENOTCONN, EINTR, ETIMEDOUT:
            self = .transient(unreachable("the daemon at \(path) dropped the connection"))
        case EMFILE, ENFILE, ENOMEM, ENOBUFS:
            self = .transient(unreachable("this machine or process has no resources left for a connection to \(path)"))
        case ENOTDIR, ELOOP, ENAMETOOLONG, EPROTOTYPE, ENOTSOCK:
            self = .permanent(unreachable("\(path) is not a stream socket, or no path: correct the socket's path"))
        default:
            self = .transient(unreachable("cannot connect to the reservation daemon at \(path)"))
        }
    }
}
