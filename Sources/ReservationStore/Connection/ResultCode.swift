import CSQLite
import ReservationCore

extension StorageFailure {
    /// What an extended result code means for the batch (DESIGN, section 2).
    ///
    /// SQLite reports a full disk as `SQLITE_FULL` where it writes, but as `SQLITE_IOERR_FSYNC` where a delayed allocation fails at the
    /// sync. The second is not known to have left the file as it was, so the code decides and never `errno`.
    ///
    /// - Parameters:
    ///   - code: an extended result code, <https://sqlite.org/rescode.html>.
    ///   - database: the connection that reported it, for its message; SQLite puts names of columns into it, never values.
    ///   - action: what was tried, as an infinitive.
    init(code: Int32, database: OpaquePointer?, action: StaticString) {
        let text = "Could not \(action): \(ResultCode.describe(code, database: database))"
        switch code & 0xFF {
        case SQLITE_FULL, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_CANTOPEN: self = .unavailable(text)
        case SQLITE_IOERR: self = .deviceFailed(text)
        case SQLITE_CORRUPT, SQLITE_NOTADB: self = .corrupt(text)
        default: self = .defect(text)
        }
    }
}

/// Words for SQLite's result codes.
enum ResultCode {
    /// The connection's own message and the extended code in figures, by which SQLite's documentation is searched.
    static func describe(_ code: Int32, database: OpaquePointer?) -> String {
        guard let database, sqlite3_extended_errcode(database) == code, let message = sqlite3_errmsg(database) else {
            return "\(String(cString: sqlite3_errstr(code))) (SQLite \(code))"
        }
        return "\(String(cString: message)) (SQLite \(code))"
    }
}
