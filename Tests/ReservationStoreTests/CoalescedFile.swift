import CCoalescingVFS
import CSQLite
import StorageFaults

/// A database's file or its log's as SQLite would hold it, over a simulated disk, to be written to by hand.
final class CoalescedFile {
    private let file: UnsafeMutablePointer<sqlite3_file>
    /// With what SQLite's own ways look for around a name, for as long as the file is open.
    private let name: UnsafePointer<CChar>

    struct Failure: Error {}

    enum Kind {
        case database, log

        fileprivate var flag: Int32 { self == .log ? SQLITE_OPEN_WAL : SQLITE_OPEN_MAIN_DB }
        fileprivate var suffix: String { self == .log ? "-wal" : "" }
    }

    convenience init(_ kind: Kind = .log, on disk: SimulatedDisk) throws {
        try self.init(kind, disk.path, base: SimulatedFileSystem.name)
    }

    /// - Parameter base: SQLite's default, the real disk, when nil.
    init(_ kind: Kind, _ path: String, base: String?) throws {
        guard let coalescing = coalescing_vfs_over(base), let vfs = sqlite3_vfs_find(coalescing) else {
            throw Failure()
        }
        guard let name = sqlite3_create_filename(path + kind.suffix, "", "", 0, nil) else { throw Failure() }
        self.name = UnsafePointer(name)
        let size = Int(vfs.pointee.szOsFile)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        file = memory.assumingMemoryBound(to: sqlite3_file.self)
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | kind.flag
        guard vfs.pointee.xOpen(vfs, name, file, flags, nil) == SQLITE_OK else { throw Failure() }
    }

    deinit {
        if let methods = file.pointee.pMethods { _ = methods.pointee.xClose(file) }
        UnsafeMutableRawPointer(file).deallocate()
        sqlite3_free_filename(name)
    }

    func write(_ text: String, at offset: Int64) -> Int32 {
        write(Array(text.utf8), at: offset)
    }

    func write(_ bytes: [UInt8], at offset: Int64) -> Int32 {
        file.pointee.pMethods.pointee.xWrite(file, bytes, Int32(bytes.count), offset)
    }

    func truncate(to size: Int64) -> Int32 { file.pointee.pMethods.pointee.xTruncate(file, size) }

    func sync() -> Int32 { file.pointee.pMethods.pointee.xSync(file, SQLITE_SYNC_NORMAL) }

    /// - Returns: nil when it cannot be read, or is shorter.
    func read(_ count: Int, at offset: Int64) -> String? {
        bytes(count, at: offset).map { String(decoding: $0, as: UTF8.self) }
    }

    /// - Returns: nil when they cannot be read, or there are fewer.
    func bytes(_ count: Int, at offset: Int64) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let code = file.pointee.pMethods.pointee.xRead(file, &bytes, Int32(count), offset)
        return code == SQLITE_OK ? bytes : nil
    }
}
