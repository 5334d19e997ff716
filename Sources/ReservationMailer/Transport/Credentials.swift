import Glibc

/// Where a provider's user name and password, or its key, are kept.
///
/// The file is read anew for each connection or request: a secret that was changed is used at once, and none lies in memory for longer than
/// it must. Secrets never stand on the command line, where every user of the machine could read them.
package struct CredentialFile: Hashable, Sendable {
    package let path: String

    /// - Parameters:
    ///   - path: as the operator gave it; nil to take systemd's credential, if it is there (systemd.exec(5), `LoadCredential=`).
    ///   - credential: its name in `$CREDENTIALS_DIRECTORY`.
    ///   - general: the name that the installed unit gives to whatever the administrator has put there. Without a line in it, it is none: the
    ///     unit needs a default for a file that an installation may not have (`SetCredential=`).
    /// - Returns: nil when none is there.
    package static func find(_ path: String?, credential: String, general: String, directory: String?) -> CredentialFile? {
        if let path { return CredentialFile(path: path) }
        guard let directory, !directory.isEmpty else { return nil }
        let special = CredentialFile(path: "\(directory)/\(credential)")
        if access(special.path, F_OK) == 0 { return special }
        let file = CredentialFile(path: "\(directory)/\(general)")
        guard access(file.path, F_OK) == 0 else { return nil }
        do throws(CredentialError) {
            return try file.firstLine() == nil ? nil : file
        } catch {
            // Told of when it is used.
            return file
        }
    }

    /// `user:password`; only the first colon divides.
    package func userAndPassword() throws(CredentialError) -> (user: String, password: String) {
        let parts = try neededLine().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw CredentialError("\(path) has no line user:password")
        }
        return (String(parts[0]), String(parts[1]))
    }

    /// A key by itself.
    package func key() throws(CredentialError) -> String {
        let key = try neededLine()
        // It goes into a header: nothing may follow it there.
        guard key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CredentialError("\(path) holds something else than a key of printable ASCII")
        }
        return key
    }

    private func neededLine() throws(CredentialError) -> String {
        guard let line = try firstLine() else { throw CredentialError("\(path) is empty") }
        return line
    }

    /// The first line that is neither empty nor a comment.
    private func firstLine() throws(CredentialError) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw CredentialError("\(path) cannot be read: \(String(cString: strerror(errno)))") }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = read(file, &bytes, bytes.count)
        guard count >= 0 else { throw CredentialError("\(path) cannot be read: \(String(cString: strerror(errno)))") }
        let lines = String(decoding: bytes[..<count], as: UTF8.self).split(whereSeparator: \.isNewline)
        for line in lines {
            let line = String(line.trimmingSpaces)
            if !line.isEmpty, line.first != "#" { return line }
        }
        return nil
    }
}

/// Why there are no credentials; never holds any.
package struct CredentialError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension StringProtocol {
    /// Without spaces and tabs at either end.
    var trimmingSpaces: SubSequence {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return self[startIndex..<startIndex]
        }
        return self[first...last]
    }
}
