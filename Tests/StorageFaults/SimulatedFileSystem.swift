import CSQLite
import Glibc
import Synchronization

/// SQLite's way to ``SimulatedDisk``: a VFS of its own beside the system's. <https://sqlite.org/vfs.html>
///
/// It stands on nothing below it, so whatever the product may put between SQLite and a VFS can stand on it.
package enum SimulatedFileSystem {
    package static let name = "reservation-simulated"

    /// Registered once; true when SQLite took it.
    package static let isRegistered: Bool = {
        guard let system = sqlite3_vfs_find(nil) else { return false }
        // Never freed: SQLite keeps its address until the process ends. Time, randomness and sleep stay the system's own.
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        vfs.initialize(to: system.pointee)
        vfs.pointee.pNext = nil
        vfs.pointee.zName = UnsafePointer(strdup(name))
        vfs.pointee.szOsFile = Int32(MemoryLayout<SimulatedFile>.stride)
        vfs.pointee.xOpen = openFile
        vfs.pointee.xDelete = deleteFile
        vfs.pointee.xAccess = accessFile
        vfs.pointee.xFullPathname = fullPath
        return sqlite3_vfs_register(vfs, 0) == SQLITE_OK
    }()

    // MARK: which disk a path is on

    private struct Mounts {
        var disks: [String: WeakDisk] = [:]
        var made = 0
    }

    private struct WeakDisk {
        weak var disk: SimulatedDisk?
    }

    private static let mounts = Mutex(Mounts())

    /// The store looks for the directory and makes an empty file before SQLite comes, so these are real; nothing else is.
    private static let folder: String = {
        let base = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(base)/reservation-disks-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("no folder in \(base): \(errno)") }
        atexit { rmdir(SimulatedFileSystem.folder) }
        return template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? base }
    }()

    static func newPath() -> String {
        let number = mounts.withLock { mounts in
            mounts.made += 1
            return mounts.made
        }
        return "\(folder)/\(number).sqlite"
    }

    static func mount(_ disk: SimulatedDisk) {
        precondition(isRegistered, "SQLite did not take the simulated file system")
        mounts.withLock { $0.disks[disk.path] = WeakDisk(disk: disk) }
    }

    static func unmount(_ path: String) {
        // The weak reference must not be the one that ends under the lock, hence the value goes out of it.
        _ = mounts.withLock { $0.disks.removeValue(forKey: path) }
    }

    fileprivate static func locate(_ path: UnsafePointer<CChar>?) -> (disk: SimulatedDisk, name: String)? {
        guard let path else { return nil }
        let text = String(cString: path)
        let suffix = ["-wal", "-journal"].first { text.hasSuffix($0) } ?? ""
        let disk = mounts.withLock { $0.disks[String(text.dropLast(suffix.count))]?.disk }
        return disk.map { ($0, suffix) }
    }
}

// MARK: the VFS's methods

private let openFile:
    @convention(c) (
        UnsafeMutablePointer<sqlite3_vfs>?, sqlite3_filename?, UnsafeMutablePointer<sqlite3_file>?, Int32, UnsafeMutablePointer<Int32>?
    ) -> Int32 = { _, path, file, flags, outFlags in
        guard let file else { return SQLITE_MISUSE }
        // SQLite closes only what has methods.
        file.pointee.pMethods = nil
        guard let (disk, name) = SimulatedFileSystem.locate(path) else { return SQLITE_CANTOPEN }
        let (handle, code) = disk.open(name, flags: flags)
        guard code == SQLITE_OK else { return code }
        SimulatedFile.begin(file, OpenedFile(disk: disk, handle: handle))
        outFlags?.pointee = flags
        return SQLITE_OK
    }

private let deleteFile: @convention(c) (UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, Int32) -> Int32 = { _, path, sync in
    guard let (disk, name) = SimulatedFileSystem.locate(path) else { return DiskError.deleteMissing }
    return disk.delete(name, syncsDirectory: sync != 0)
}

private let accessFile:
    @convention(c) (UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, Int32, UnsafeMutablePointer<Int32>?) -> Int32 = {
        _, path, _, result in
        guard let (disk, name) = SimulatedFileSystem.locate(path) else {
            result?.pointee = 0
            return SQLITE_OK
        }
        let (exists, code) = disk.exists(name)
        result?.pointee = exists ? 1 : 0
        return code
    }

/// Paths are absolute already, and there are no links in memory.
private let fullPath:
    @convention(c) (UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, Int32, UnsafeMutablePointer<CChar>?) -> Int32 = {
        _, path, size, result in
        guard let path, let result, strlen(path) < Int(size) else { return SQLITE_CANTOPEN }
        strcpy(result, path)
        return SQLITE_OK
    }
