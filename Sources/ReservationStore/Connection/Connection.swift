import CCoalescingVFS
import CSQLite
import ReservationCore

/// The one owner of a `sqlite3 *`; closes it when it goes.
///
/// Opened without SQLite's own mutexes: the store has one caller at a time. See <https://sqlite.org/threadsafe.html>.
struct Connection: ~Copyable {
    let handle: OpaquePointer
    /// Pages in the write-ahead log after the last commit. On the heap because SQLite keeps its address.
    private let logPages: UnsafeMutablePointer<Int32>

    /// Once for the process and before its first connection; should something else have initialised SQLite, it only stays slower.
    private static let isConfigured = reservation_sqlite_stop_counting_memory() == SQLITE_OK

    /// - Parameters:
    ///   - path: as it stands, see ``DatabaseFile/path``.
    ///   - vfs: SQLite's name for the way to the operating system below the one that coalesces the log's writes; the tests have one that
    ///     fails when told to.
    init(path: String, busyTimeoutMilliseconds: Int32 = 0, vfs: String? = nil) throws(StoreOpenError) {
        _ = Self.isConfigured
        var handle: OpaquePointer?
        // Extended codes from the first call on: telling a full disk from a failing one depends on them.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        guard let coalescing = coalescing_vfs_over(vfs) else { throw StoreOpenError(code: SQLITE_NOMEM, database: nil, path: path) }
        let code = sqlite3_open_v2(path, &handle, flags, coalescing)
        guard code == SQLITE_OK, let handle else {
            // SQLite hands out a connection even when it fails, to carry the message.
            let failure = StoreOpenError(code: code, database: handle, path: path)
            sqlite3_close_v2(handle)
            throw failure
        }
        self.handle = handle
        self.logPages = .allocate(capacity: 1)
        self.logPages.initialize(to: 0)
        sqlite3_busy_timeout(handle, busyTimeoutMilliseconds)
    }

    deinit {
        // v2 waits for statements that are still to be finalised, so the order in which owners go does not matter.
        sqlite3_wal_hook(handle, nil, nil)
        sqlite3_close_v2(handle)
        logPages.deallocate()
    }

    /// Whether a transaction is open. SQLite ends one by itself after some faults.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Rows that the last INSERT, UPDATE or DELETE changed, not counting those of triggers.
    var changes: Int { Int(sqlite3_changes64(handle)) }

    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// Runs statements without parameters or rows, for set-up and migrations.
    func execute(_ sql: String, to action: StaticString) throws(StorageFailure) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code, action) }
    }

    func failure(_ code: Int32, _ action: StaticString) -> StorageFailure {
        StorageFailure(code: code, database: handle, action: action)
    }
}

// MARK: the write-ahead log

extension Connection {
    /// Pages in the log after the last commit, 0 once all of them are in the database.
    var pagesInLog: Int { Int(logPages.pointee) }

    /// Follows the log's growth from now on. `PRAGMA wal_autocheckpoint` uses the same hook and so must come before.
    func watchLog() {
        _ = sqlite3_wal_hook(
            handle,
            { context, _, _, pages in
                context?.assumingMemoryBound(to: Int32.self).pointee = pages
                return SQLITE_OK
            }, logPages)
    }

    /// Copies the log into the database. With one connection there is no reader to wait for, so PASSIVE does all of it, and the
    /// next commit begins the log anew without giving its blocks back to the file system.
    func checkpoint() throws(StorageFailure) {
        var total: Int32 = 0
        var copied: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_PASSIVE, &total, &copied)
        guard code == SQLITE_OK else { throw failure(code, "move the log into the database") }
        logPages.pointee = max(0, total - copied)
    }

    /// Copies the log into the database and leaves it empty, so that the database's file alone is everything.
    func checkpointAndTruncate() throws(StorageFailure) {
        let code = sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        guard code == SQLITE_OK else { throw failure(code, "move the log into the database") }
        logPages.pointee = 0
    }

    /// Forgets the pages that are kept in memory; they are read again where they are wanted.
    func forgetPages() { sqlite3_db_release_memory(handle) }
}
