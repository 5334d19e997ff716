import CSQLite
import ReservationCore

/// What must be set on a connection before the store may rely on it, in this order, each read back.
///
/// A setting that did not take (an unknown PRAGMA is no error to SQLite) must stop the start, not surface as a lost reservation.
struct ConnectionSettings {
    let path: String
    /// Memory for database pages, in bytes.
    let cacheBytes: Int

    /// Beyond this the log's file is cut back after a checkpoint. In ordinary use it stays below and keeps its blocks, so that a commit
    /// writes over them and need not make the file system record a new length.
    static let keptLogBytes = 64 << 20

    private struct Setting {
        let name: String
        let value: String
        /// As SQLite prints it.
        let expected: String
    }

    /// Applies all of them and takes the file's lock, which is kept until the connection is closed.
    func apply(to connection: borrowing Connection) throws(StoreOpenError) {
        try applyFlags(to: connection)
        for (index, setting) in settings.enumerated() {
            // The lock first, then the question whose file it is, and only then what is written into the file: another program's
            // database must stay as it was, and the switch to WAL changes its header.
            if index == 1 { try refuseForeign(on: connection) }
            let found = try read("PRAGMA \(setting.name) = \(setting.value)", on: connection)
            // Some answer at once with the value in force, the others when asked.
            let inForce: String?
            if let found { inForce = found } else { inForce = try read("PRAGMA \(setting.name)", on: connection) }
            guard inForce == setting.expected else {
                throw .settingRefused(path, setting: "\(setting.name) = \(setting.value)", found: inForce ?? "unset")
            }
        }
        connection.watchLog()
    }

    /// An empty database is nobody's yet. The record of migrations is looked at later; by then the file is known to be ours.
    private func refuseForeign(on connection: borrowing Connection) throws(StoreOpenError) {
        let owner = try read("PRAGMA application_id", on: connection)
        if owner == "\(SchemaUpgrade.applicationID)" { return }
        guard owner == "0", try read("PRAGMA user_version", on: connection) == "0",
            try read("SELECT count(*) FROM sqlite_schema", on: connection) == "0"
        else { throw .foreignDatabase(path) }
    }

    private var settings: [Setting] {
        let cacheKibibytes = "-\(max(1, cacheBytes / 1024))"
        return [
            // Before WAL is entered: only then does SQLite keep the log's index in its own memory and hold the lock throughout, so that
            // nobody, a second daemon or a curious sqlite3, can read or write behind the counters in memory. It also keeps clear of
            // the WAL-reset fault of SQLite 3.7.0 to 3.51.2, which needs two connections. <https://sqlite.org/wal.html#noshm>
            Setting(name: "locking_mode", value: "EXCLUSIVE", expected: "exclusive"),
            Setting(name: "journal_mode", value: "WAL", expected: "wal"),
            // 2 is FULL: the log is synced at each commit. NORMAL would let a power cut take back acknowledged reservations.
            Setting(name: "synchronous", value: "FULL", expected: "2"),
            Setting(name: "foreign_keys", value: "ON", expected: "1"),
            // A file from elsewhere must not run functions with side effects from its triggers, nor crash on forged cells.
            Setting(name: "trusted_schema", value: "OFF", expected: "0"),
            Setting(name: "cell_size_check", value: "ON", expected: "1"),
            // 2 is MEMORY: the daemon has no other writable directory.
            Setting(name: "temp_store", value: "MEMORY", expected: "2"),
            Setting(name: "cache_size", value: cacheKibibytes, expected: cacheKibibytes),
            // What is erased is written over, and whatever a page keeps of rows that moved to another. From the first booking on: what was
            // left behind before could not be found later. <https://sqlite.org/pragma.html#pragma_secure_delete>
            Setting(name: "secure_delete", value: "ON", expected: "1"),
            // Checkpoints happen between batches, when the ledger says so, never inside somebody's commit.
            Setting(name: "wal_autocheckpoint", value: "0", expected: "0"),
            Setting(name: "journal_size_limit", value: "\(Self.keptLogBytes)", expected: "\(Self.keptLogBytes)"),
        ]
    }

    /// `sqlite3_db_config`, <https://sqlite.org/c3ref/c_dbconfig_defensive.html>.
    private func applyFlags(to connection: borrowing Connection) throws(StoreOpenError) {
        let flags: [(name: String, option: Int32, value: Int32)] = [
            // No SQL can write to the schema table or otherwise damage the file.
            ("defensive", SQLITE_DBCONFIG_DEFENSIVE, 1),
            // "text" is a name and nothing else: a mistyped column must not silently become a string.
            ("dqs_dml", SQLITE_DBCONFIG_DQS_DML, 0),
            ("dqs_ddl", SQLITE_DBCONFIG_DQS_DDL, 0),
        ]
        for flag in flags {
            var found: Int32 = -1
            let code = reservation_sqlite_db_config(connection.handle, flag.option, flag.value, &found)
            guard code == SQLITE_OK, found == flag.value else {
                throw .settingRefused(path, setting: "\(flag.name) = \(flag.value)", found: "\(found)")
            }
        }
    }

    /// The first column of the first row, nil when there is none.
    private func read(_ sql: String, on connection: borrowing Connection) throws(StoreOpenError) -> String? {
        var handle: OpaquePointer?
        let prepared = sqlite3_prepare_v2(connection.handle, sql, -1, &handle, nil)
        defer { sqlite3_finalize(handle) }
        guard prepared == SQLITE_OK else { throw StoreOpenError(code: prepared, database: connection.handle, path: path) }
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return sqlite3_column_text(handle, 0).map { String(cString: $0) }
        case SQLITE_DONE: return nil
        default: throw StoreOpenError(code: code, database: connection.handle, path: path)
        }
    }
}
