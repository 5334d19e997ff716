import Glibc

/// A new empty folder for one test's socket, removed with what is in it.
final class SocketFolder: Sendable {
    let path: String

    init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/rsv-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SocketFolderError(code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        unlink(socketPath)
        rmdir(path)
    }

    var socketPath: String { path + "/daemon.sock" }

    /// Leaves a socket behind on which nobody listens, as a killed daemon does.
    func leaveDeadSocket() throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SocketFolderError(code: errno) }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socketPath.utf8) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw SocketFolderError(code: errno) }
    }
}

struct SocketFolderError: Error {
    let code: Int32
}
