import CSQLite

/// Extended result codes; Swift does not import macros that are made of others. <https://sqlite.org/rescode.html>
enum ExtendedCode {
    static let busySnapshot = SQLITE_BUSY | 2 << 8
    static let readOnlyMoved = SQLITE_READONLY | 4 << 8
    static let ioRead = SQLITE_IOERR | 1 << 8
    static let ioWrite = SQLITE_IOERR | 3 << 8
    static let ioSync = SQLITE_IOERR | 4 << 8
    static let ioDirectorySync = SQLITE_IOERR | 5 << 8
    static let corruptIndex = SQLITE_CORRUPT | 3 << 8
    static let constraintUnique = SQLITE_CONSTRAINT | 8 << 8
}
