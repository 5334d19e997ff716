import Glibc
import ReservationCore

/// Remembers over restarts when the last good backup was taken, in a small file beside the database. It is a convenience: should it be
/// lost, nothing but this is.
struct BackupRecord {
    private let path: String

    /// - Parameter database: its path.
    init(besides database: String) {
        path = database + ".last-backup"
    }

    /// - Returns: nil when none is known of.
    func read() -> Instant? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 1, let seconds = Int64(String(decoding: bytes[..<(count - 1)], as: UTF8.self)), seconds >= 0 else { return nil }
        return Instant(seconds: seconds)
    }

    /// Whole or not at all.
    func write(_ moment: Instant) {
        let fresh = path + ".new"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let line = Array("\(moment.seconds)\n".utf8)
        let isWritten = Glibc.write(descriptor, line, line.count) == line.count && fsync(descriptor) == 0
        close(descriptor)
        if isWritten { rename(fresh, path) } else { unlink(fresh) }
    }
}
