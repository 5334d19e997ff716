import CSQLite
import ReservationCore

/// A copy of a database that is made in small steps while the original goes on to be written (<https://sqlite.org/backup.html>).
///
/// It reads by the original's own connection, so the rule of one connection holds. SQLite itself puts what that connection commits in the
/// meantime into those pages that were copied before; hence the copy, once complete, is the database as it is at that moment, and no page
/// needs to be copied twice. Only a batch that fails after it has written to the log makes the copy begin anew.
final class DatabaseCopy {
    private let backup: OpaquePointer
    /// Closed after `deinit` has let the backup go.
    private let destination: Connection
    private var restarts = 0
    private var lastDone = 0

    /// A store whose batches fail this often while it is copied has another trouble than this.
    private static let mostRestarts = 20

    /// - Parameters:
    ///   - source: kept alive by the caller.
    ///   - path: an empty file, of which nobody else knows.
    ///   - vfs: see ``Connection/init(path:busyTimeoutMilliseconds:vfs:)``.
    init(of source: borrowing Connection, into path: String, vfs: String?) throws(StorageFailure) {
        let destination: Connection
        do throws(StoreOpenError) {
            destination = try Connection(path: DatabaseFile(path: path).path, vfs: vfs)
        } catch {
            throw .unavailable("Could not open the copy: \(error.message)")
        }
        // A copy that is not complete is worth nothing, so nothing protects it: no journal, and no sync before the whole file's. The
        // lock is held throughout; little memory, so that the last step has little left to write.
        for setting in ["locking_mode = EXCLUSIVE", "journal_mode = OFF", "synchronous = OFF", "cache_size = -1024"] {
            try destination.execute("PRAGMA \(setting)", to: "prepare the copy")
        }
        guard let backup = sqlite3_backup_init(destination.handle, "main", source.handle, "main") else {
            throw destination.failure(sqlite3_extended_errcode(destination.handle), "begin the copy")
        }
        self.destination = destination
        self.backup = backup
    }

    deinit { sqlite3_backup_finish(backup) }

    /// - Returns: once complete, everything is in the file but not yet on the disk.
    func step(pages: Int) throws(StorageFailure) -> CopyProgress {
        let code = sqlite3_backup_step(backup, Int32(clamping: max(1, pages)))
        guard code == SQLITE_OK || code == SQLITE_DONE else { throw StorageFailure(code: code, database: nil, action: "copy the database") }
        let total = Int(sqlite3_backup_pagecount(backup))
        let done = total - Int(sqlite3_backup_remaining(backup))
        if done < lastDone, code == SQLITE_OK {
            restarts += 1
            guard restarts <= Self.mostRestarts else {
                throw .unavailable("The copy had to begin anew too often, since batches fail; see the log for why")
            }
        }
        lastDone = done
        return CopyProgress(pagesDone: done, pagesTotal: total, isComplete: code == SQLITE_DONE)
    }
}
