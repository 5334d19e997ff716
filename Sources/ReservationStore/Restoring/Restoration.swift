import Glibc
import ReservationCore

/// Puts a backup in the database's place, while no daemon runs. The present database is moved aside with its log, never deleted, and a
/// power cut at any moment leaves either the old or the new one in place, and the old one always somewhere.
package struct Restoration {
    private let database: DatabaseFile
    private let backup: String

    /// - Parameters:
    ///   - database: where the daemon expects it; need not exist.
    ///   - backup: a copy that a daemon has written, or any complete database of this program.
    package init(database: String, backup: String) {
        self.database = DatabaseFile(path: database)
        self.backup = DatabaseFile(path: backup).path
    }

    /// What was done.
    package struct Outcome: Hashable, Sendable {
        /// Live reservations of the restored database.
        package let reservations: Int
        package let lastReservation: Int64
        /// Where the former database is now; nil when there was none.
        package let movedAside: String?
    }

    /// - Parameter now: names the file to which the present database is moved.
    /// - Throws: in which case the present database is where it was.
    package func run(now: Instant) throws(RestoreError) -> Outcome {
        // Held to the end: nobody opens the present database meanwhile, and the daemon, should somebody start it, says that it is in use.
        let lock = try DatabaseLock(on: database.path)
        defer { lock.release() }
        let fresh = database.path + ".restoring"
        do throws(RestoreError) {
            let contents = try prepare(fresh)
            let aside = lock.exists ? try moveAside(now: now) : nil
            guard rename(fresh, database.path) == 0 else {
                let code = errno
                if let aside { takeBack(aside) }
                throw .system(code, "put \(fresh) in the place of \(database.path)")
            }
            try sync(database.directory)
            return Outcome(reservations: contents.reservations, lastReservation: contents.lastReservation, movedAside: aside)
        } catch {
            Self.remove(fresh)
            throw error
        }
    }

    // MARK: the backup

    /// Copies the backup beside the database, examines the copy and brings it to the disk. The backup itself is only read.
    private func prepare(_ fresh: String) throws(RestoreError) -> CopiedDatabase.Contents {
        Self.remove(fresh)
        try copy(to: fresh)
        do throws(StoreOpenError) {
            // Refuses another program's file and a newer schema, and brings an older one up to date.
            let store = try SQLiteReservationStore(path: fresh)
            try Self.settle(store, path: fresh)
        } catch {
            throw .unusable(backup, error.message.replacing(fresh, with: backup))
        }
        let contents: CopiedDatabase.Contents
        do throws(StorageFailure) {
            contents = try CopiedDatabase(path: fresh).examine(cancellation: Cancellation())
        } catch {
            throw .unusable(backup, "\(error)")
        }
        let failed = contents.findings.filter { !$0.passed }
        guard failed.isEmpty else { throw .unsound(backup, failed) }
        try sync(fresh)
        return contents
    }

    private static func settle(_ store: SQLiteReservationStore, path: String) throws(StoreOpenError) {
        do throws(StorageFailure) {
            try store.settle()
        } catch {
            throw StoreOpenError(error, path: path)
        }
    }

    private func copy(to fresh: String) throws(RestoreError) {
        let source = open(backup, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw .system(errno, "read \(backup)") }
        defer { close(source) }
        var status = stat()
        guard fstat(source, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw .unusable(backup, "it is not a regular file") }
        // Of a copy that was made by cp while its database was open, the log is a part; of one that a daemon has written there is none.
        guard access(backup + "-wal", F_OK) != 0 else {
            throw .unusable(backup, "there is \(backup)-wal beside it: it was in use. Give a file that reservationctl backup has written")
        }
        let target = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw .system(errno, "make \(fresh)") }
        defer { close(target) }
        try giveToOwner(target)
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(source, &chunk, chunk.count)
            guard count >= 0 else { throw .system(errno, "read \(backup)") }
            if count == 0 { return }
            var written = 0
            while written < count {
                let part = chunk.withUnsafeBytes { write(target, $0.baseAddress?.advanced(by: written), count - written) }
                guard part > 0 else { throw .system(errno, "write \(fresh)") }
                written += part
            }
        }
    }

    /// Run as root, the file must still be the daemon's: it gets the owner of the present database, or else of its directory.
    private func giveToOwner(_ descriptor: Int32) throws(RestoreError) {
        var owner = stat()
        guard geteuid() == 0, stat(database.path, &owner) == 0 || stat(database.directory, &owner) == 0 else { return }
        guard fchown(descriptor, owner.st_uid, owner.st_gid) == 0 else { throw .system(errno, "give the database to its owner") }
    }

    // MARK: the present database

    /// First a second name for each, then the log's first name goes, since SQLite would take it for the new database's.
    private func moveAside(now: Instant) throws(RestoreError) -> String {
        let aside = "\(database.path).before-restore-\(UTCTimestamp(now).compact)"
        let parts = ["", "-wal", "-journal"].filter { access(database.path + $0, F_OK) == 0 }
        for part in parts {
            guard link(database.path + part, aside + part) == 0 else {
                throw .system(errno, "keep \(database.path + part) as \(aside + part)")
            }
        }
        try sync(database.directory)
        for part in parts where !part.isEmpty {
            guard unlink(database.path + part) == 0 else { throw .system(errno, "move \(database.path + part) aside") }
        }
        return aside
    }

    private func takeBack(_ aside: String) {
        for part in ["-wal", "-journal"] { rename(aside + part, database.path + part) }
        unlink(aside)
    }

    private func sync(_ path: String) throws(RestoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(errno, "open \(path)") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .system(errno, "sync \(path)") }
    }

    private static func remove(_ path: String) {
        for part in ["", "-wal", "-journal"] { unlink(path + part) }
    }
}
