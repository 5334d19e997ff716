import Glibc

/// Puts each message as a file into a directory, for trying out and for tests; any mail program opens it.
package final class DirectoryTransport: Transport {
    private let path: String
    private let threads = SendingThreads(count: 1)

    /// - Parameter path: is made when it is missing, its parent is not.
    package init(path: String) {
        self.path = path
    }

    package func send(_ message: OutgoingMessage) async -> SendResult {
        await threads.run { [path] in
            let number = String(message.outboxID)
            // The outbox's number, so that the same message sent again takes its own place; with zeros, so that a list is in order.
            let name = "\(String(repeating: "0", count: max(0, 10 - number.utf8.count)))\(number).eml"
            do throws(FileFailure) {
                try Self.write(MIMEMessage(message).bytes, name: name, in: path)
                return .accepted(providerID: name)
            } catch {
                return .retry(
                    after: nil, FailureReason("\(path): \(error.what): \(String(cString: strerror(error.code)))", needsOperator: true))
            }
        }
    }

    private struct FileFailure: Error {
        let what: String
        let code: Int32
    }

    /// Whole or not at all, also when the power fails: written aside, then given its name.
    private static func write(_ bytes: [UInt8], name: String, in directory: String) throws(FileFailure) {
        if mkdir(directory, 0o750) != 0, errno != EEXIST { throw FileFailure(what: "cannot be made", code: errno) }
        let temporary = "\(directory)/.\(name).\(getpid())"
        // It holds a customer's address and ticket.
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileFailure(what: "no file can be made", code: errno) }
        do throws(FileFailure) {
            defer { close(file) }
            try writeAll(bytes, to: file)
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, "\(directory)/\(name)") == 0 else {
            let code = errno
            unlink(temporary)
            throw FileFailure(what: "the file cannot be named", code: code)
        }
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileFailure(what: "cannot be opened", code: errno) }
        defer { close(folder) }
        if fsync(folder) != 0 { throw FileFailure(what: "cannot be synced", code: errno) }
    }

    private static func writeAll(_ bytes: [UInt8], to file: Int32) throws(FileFailure) {
        var position = 0
        while position < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress?.advanced(by: position), bytes.count - position) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileFailure(what: "cannot be written", code: errno) }
            position += count
        }
        if fsync(file) != 0 { throw FileFailure(what: "cannot be synced", code: errno) }
    }
}
