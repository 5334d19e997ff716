import CSQLite
import ReservationCore

/// Why the database could not be opened. The program should end with ``message`` and a non-zero status.
package enum StoreOpenError: Error, Hashable {
    case directoryMissing(String)
    case directoryNotWritable(String)
    case notAFile(String)
    case notPermitted(String)
    case readOnly(String)
    case notADatabase(String)
    /// A sound SQLite file, but not of this program.
    case foreignDatabase(String)
    case damaged(String, detail: String)
    /// Another process, most likely a second daemon, has it open.
    case inUse(String)
    /// Written by a later version of this program.
    case newerSchema(String, found: Int, known: Int)
    /// The record of migrations cannot come from any version of this program.
    case schemaHistory(String, detail: String)
    case migrationFailed(String, migration: String, detail: String)
    case diskFull(String)
    case deviceFailed(String, detail: String)
    /// SQLite did not take a setting without which it would not be safe to go on.
    case settingRefused(String, setting: String, found: String)
    case failed(String, detail: String)

    /// - Parameter code: an extended result code, met while opening or setting up.
    init(code: Int32, database: OpaquePointer?, path: String) {
        let detail = ResultCode.describe(code, database: database)
        self =
            switch code & 0xFF {
            case SQLITE_BUSY, SQLITE_LOCKED: .inUse(path)
            case SQLITE_NOTADB: .notADatabase(path)
            case SQLITE_CORRUPT: .damaged(path, detail: detail)
            case SQLITE_READONLY: .readOnly(path)
            case SQLITE_PERM, SQLITE_AUTH: .notPermitted(path)
            case SQLITE_FULL: .diskFull(path)
            case SQLITE_IOERR: .deviceFailed(path, detail: detail)
            default: .failed(path, detail: detail)
            }
    }

    /// What happened and what to do about it, in one line.
    package var message: String {
        switch self {
        case .directoryMissing(let directory):
            "The directory \(directory) does not exist. Create it, owned by the daemon's user, or correct --database."
        case .directoryNotWritable(let directory):
            "The directory \(directory) is not writable for this user; the database needs its write-ahead log beside it. "
                + "Give the directory to the daemon's user, or check that its file system is not mounted read-only."
        case .notAFile(let path):
            "\(path) is not a regular file. Give --database the path of a file."
        case .notPermitted(let path):
            "This user may not open \(path). Give the file to the daemon's user (chown) with mode 0600."
        case .readOnly(let path):
            "\(path) is read-only. Give the file to the daemon's user with mode 0600, or check that its file system is not mounted read-only."
        case .notADatabase(let path):
            "\(path) is not an SQLite database. Correct --database, or restore the file from a backup; it was not changed."
        case .foreignDatabase(let path):
            "\(path) is a database of another program. Correct --database; it was not changed."
        case .damaged(let path, let detail):
            "\(path) is damaged: \(detail). Keep a copy of it and of \(path)-wal, then restore a backup."
        case .inUse(let path):
            "\(path) is in use by another process, most likely a second reservationd. Stop that one first (systemctl status reservationd)."
        case .newerSchema(let path, let found, let known):
            "\(path) was written by a newer version of this program (schema \(found), this program knows up to \(known)). "
                + "Install that version again, or restore a backup made before the upgrade."
        case .schemaHistory(let path, let detail):
            "\(path) has a history of migrations that no version of this program writes: \(detail). Restore a backup."
        case .migrationFailed(let path, let migration, let detail):
            "\(path) could not be brought up to date, migration \(migration) was undone: \(detail)"
        case .diskFull(let path):
            "There is no space left for \(path). Free some space on its file system and start again."
        case .deviceFailed(let path, let detail):
            "Reading or writing \(path) failed: \(detail). Check the device and the kernel's log before starting again."
        case .settingRefused(let path, let setting, let found):
            "SQLite did not take the setting \(setting) for \(path) (it stays at \(found)); going on would not be safe. "
                + "Check that the file system supports locks and that the installed SQLite is Debian's."
        case .failed(let path, let detail):
            "\(path) could not be opened: \(detail)"
        }
    }
}
