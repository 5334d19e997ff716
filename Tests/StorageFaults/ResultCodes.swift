import CSQLite

/// Extended result codes that SQLite's own way to the operating system reports; Swift does not import macros that are made of others.
/// <https://sqlite.org/rescode.html>
package enum DiskError {
    package static let full = SQLITE_FULL
    package static let busy = SQLITE_BUSY
    package static let cannotOpen = SQLITE_CANTOPEN
    package static let read = SQLITE_IOERR | 1 << 8
    package static let shortRead = SQLITE_IOERR | 2 << 8
    package static let write = SQLITE_IOERR | 3 << 8
    package static let sync = SQLITE_IOERR | 4 << 8
    package static let directorySync = SQLITE_IOERR | 5 << 8
    package static let truncate = SQLITE_IOERR | 6 << 8
    package static let fileStatus = SQLITE_IOERR | 7 << 8
    package static let delete = SQLITE_IOERR | 10 << 8
    package static let access = SQLITE_IOERR | 13 << 8
    package static let lock = SQLITE_IOERR | 15 << 8
    package static let deleteMissing = SQLITE_IOERR | 23 << 8
    /// What Linux's EIO at a read becomes, since SQLite takes it for the file system's fault.
    package static let fileSystemRead = SQLITE_IOERR | 33 << 8

    /// Whether the device failed, rather than being full or busy.
    package static func isDeviceFailure(_ code: Int32) -> Bool { code & 0xFF == SQLITE_IOERR }
}
