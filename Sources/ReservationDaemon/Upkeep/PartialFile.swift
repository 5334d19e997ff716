import Glibc

/// A file that is being made beside the place it is meant for. Nobody takes it for the whole one, and what a killed daemon leaves of it is
/// recognised by its name and by its lock, which went with the process.
final class PartialFile {
    let path: String
    let directory: String
    private let descriptor: Int32

    private static let prefix = ".reservation-backup."
    private static let suffix = ".partial"
    /// What SQLite may have put beside it.
    private static let companions = ["-journal", "-wal"]

    /// Makes it empty, readable by nobody else.
    ///
    /// - Parameter name: of the file that it is to become.
    init(in directory: String, for name: String) throws(UpkeepFailure) {
        self.directory = directory
        path = "\(directory)/\(Self.prefix)\(name)\(Self.suffix)"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw UpkeepFailure(errno, "make \(path)", in: directory) }
        // The umask may have taken more than wanted, never less.
        fchmod(descriptor, 0o600)
        // Of another kind than SQLite's locks, so neither disturbs the other.
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit { close(descriptor) }

    /// Brings what was written so far to the disk, so that no commit of the daemon's has to wait for all of it.
    func syncData() throws(UpkeepFailure) {
        guard fdatasync(descriptor) == 0 else { throw UpkeepFailure(errno, "sync \(path)", in: directory) }
    }

    /// Syncs all of it and gives it its name, which lasts.
    ///
    /// - Throws: also when there is something of that name; nothing is ever replaced.
    func place(at destination: String) throws(UpkeepFailure) {
        guard fsync(descriptor) == 0 else { throw UpkeepFailure(errno, "sync \(path)", in: directory) }
        guard rename(to: destination) else { throw UpkeepFailure(errno, "give the copy the name \(destination)", in: directory) }
        try Self.syncDirectory(directory)
    }

    /// rename(2) would replace what is there; a second name is refused then.
    private func rename(to destination: String) -> Bool {
        if link(path, destination) == 0 {
            unlink(path)
            return true
        }
        // A file system that knows no second names.
        guard errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS else { return false }
        var status = stat()
        guard lstat(destination, &status) != 0 else {
            errno = EEXIST
            return false
        }
        return Glibc.rename(path, destination) == 0
    }

    /// Removes it, wherever it stands.
    func discard() {
        Self.remove(path)
    }

    static func remove(_ path: String) {
        for suffix in companions + [""] { unlink(path + suffix) }
    }

    static func syncDirectory(_ directory: String) throws(UpkeepFailure) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // Who may write in a directory and not read it cannot sync it.
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw UpkeepFailure(errno, "sync \(directory)", in: directory) }
    }

    /// Removes what daemons that were killed have left in a directory.
    static func removeLeftovers(in directory: String) {
        for name in DirectoryListing.names(in: directory) where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
            let path = "\(directory)/\(name)"
            let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            // Another daemon's, which is at work on it.
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
            remove(path)
        }
    }

    /// Bytes that this user may still write there; nil when the file system does not say.
    static func freeBytes(in directory: String) -> Int? {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { return nil }
        return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }
}

/// The names in a directory.
enum DirectoryListing {
    /// - Returns: none for a directory that cannot be read.
    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
            names.append(name)
        }
        return names
    }
}
