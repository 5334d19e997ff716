import CSQLite
import Glibc
import Synchronization

/// SQLite's way to the operating system with a fault that happens when a test says so: at the n-th write, sync or cut of a file whose
/// name begins with a given path. <https://sqlite.org/vfs.html>
///
/// SQLite keeps one VFS for the process, so a plan is looked up by path and tests with folders of their own do not meet.
enum FaultyFiles {
    static let name = "reservation-faulty"

    enum Operation: Sendable {
        case write, sync, truncate, any
    }

    struct Plan: Sendable {
        var operation: Operation
        /// How many of these operations succeed first.
        var successes: Int
        /// What the next ones report.
        var code: Int32
        /// How many fail; after them the disk is well again.
        var failures = Int.max
        /// Operations met so far, of this kind.
        var met = 0
    }

    private static let plans = Mutex<[String: Plan]>([:])

    /// Makes files below `folder` fail from now on; nil makes them well.
    static func plan(_ plan: Plan?, below folder: String) { plans.withLock { $0[folder] = plan } }

    static func met(below folder: String) -> Int { plans.withLock { $0[folder]?.met ?? 0 } }

    /// Registered once; true when SQLite took it.
    static let isRegistered: Bool = {
        guard let system = sqlite3_vfs_find(nil) else { return false }
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        vfs.initialize(to: system.pointee)
        vfs.pointee.pNext = nil
        vfs.pointee.zName = UnsafePointer(strdup(name))
        vfs.pointee.szOsFile = system.pointee.szOsFile + Int32(MemoryLayout<Header>.stride)
        vfs.pointee.pAppData = UnsafeMutableRawPointer(system)
        vfs.pointee.xOpen = openFile
        return sqlite3_vfs_register(vfs, 0) == SQLITE_OK
    }()

    /// What stands before the system's own file in the memory that SQLite gives for one.
    fileprivate struct Header {
        var base: sqlite3_file
        var path: UnsafePointer<CChar>?
    }

    /// - Returns: the fault to report, nil when the operation may go on.
    fileprivate static func fault(at operation: Operation, of path: UnsafePointer<CChar>?) -> Int32? {
        guard let path else { return nil }
        let file = String(cString: path)
        return plans.withLock { plans -> Int32? in
            guard let folder = plans.keys.first(where: { file.hasPrefix($0) }), var plan = plans[folder],
                plan.operation == .any || plan.operation == operation
            else { return nil }
            plan.met += 1
            defer { plans[folder] = plan }
            guard plan.met > plan.successes, plan.met - plan.successes <= plan.failures else { return nil }
            return plan.code
        }
    }
}

private func inner(_ file: UnsafeMutablePointer<sqlite3_file>?) -> UnsafeMutablePointer<sqlite3_file>? {
    file.map { outer in
        (UnsafeMutableRawPointer(outer) + MemoryLayout<FaultyFiles.Header>.stride).assumingMemoryBound(to: sqlite3_file.self)
    }
}

private func path(_ file: UnsafeMutablePointer<sqlite3_file>?) -> UnsafePointer<CChar>? {
    file.flatMap { UnsafeMutableRawPointer($0).assumingMemoryBound(to: FaultyFiles.Header.self).pointee.path }
}

/// Opens the system's file behind ours. The name stays valid until the file is closed, as SQLite promises.
private let openFile:
    @convention(c) (
        UnsafeMutablePointer<sqlite3_vfs>?, sqlite3_filename?, UnsafeMutablePointer<sqlite3_file>?, Int32, UnsafeMutablePointer<Int32>?
    ) -> Int32 = { vfs, name, file, flags, outFlags in
        guard let file, let system = vfs?.pointee.pAppData?.assumingMemoryBound(to: sqlite3_vfs.self) else { return SQLITE_MISUSE }
        file.pointee.pMethods = nil
        let code = system.pointee.xOpen(system, name, inner(file), flags, outFlags)
        guard code == SQLITE_OK else { return code }
        UnsafeMutableRawPointer(file).assumingMemoryBound(to: FaultyFiles.Header.self).pointee.path = name
        file.pointee.pMethods = UnsafePointer(methods.pointer)
        return SQLITE_OK
    }

/// Never freed: SQLite may use it until the process ends.
private struct Methods: @unchecked Sendable {
    // Safe: written once, below, before anybody reads it.
    let pointer: UnsafeMutablePointer<sqlite3_io_methods>
}

private let methods: Methods = {
    let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    var all = sqlite3_io_methods()
    // Version 1: no shared memory, which exclusive locking does without.
    all.iVersion = 1
    all.xClose = { file in inner(file).map { $0.pointee.pMethods.pointee.xClose($0) } ?? SQLITE_OK }
    all.xRead = { file, buffer, count, offset in
        inner(file).map { $0.pointee.pMethods.pointee.xRead($0, buffer, count, offset) } ?? SQLITE_MISUSE
    }
    all.xWrite = { file, buffer, count, offset in
        if let code = FaultyFiles.fault(at: .write, of: path(file)) { return code }
        return inner(file).map { $0.pointee.pMethods.pointee.xWrite($0, buffer, count, offset) } ?? SQLITE_MISUSE
    }
    all.xTruncate = { file, size in
        if let code = FaultyFiles.fault(at: .truncate, of: path(file)) { return code }
        return inner(file).map { $0.pointee.pMethods.pointee.xTruncate($0, size) } ?? SQLITE_MISUSE
    }
    all.xSync = { file, flags in
        if let code = FaultyFiles.fault(at: .sync, of: path(file)) { return code }
        return inner(file).map { $0.pointee.pMethods.pointee.xSync($0, flags) } ?? SQLITE_MISUSE
    }
    all.xFileSize = { file, size in inner(file).map { $0.pointee.pMethods.pointee.xFileSize($0, size) } ?? SQLITE_MISUSE }
    all.xLock = { file, lock in inner(file).map { $0.pointee.pMethods.pointee.xLock($0, lock) } ?? SQLITE_MISUSE }
    all.xUnlock = { file, lock in inner(file).map { $0.pointee.pMethods.pointee.xUnlock($0, lock) } ?? SQLITE_MISUSE }
    all.xCheckReservedLock = { file, result in
        inner(file).map { $0.pointee.pMethods.pointee.xCheckReservedLock($0, result) } ?? SQLITE_MISUSE
    }
    all.xFileControl = { file, operation, argument in
        inner(file).map { $0.pointee.pMethods.pointee.xFileControl($0, operation, argument) } ?? SQLITE_NOTFOUND
    }
    all.xSectorSize = { file in inner(file).map { $0.pointee.pMethods.pointee.xSectorSize($0) } ?? 4096 }
    all.xDeviceCharacteristics = { file in inner(file).map { $0.pointee.pMethods.pointee.xDeviceCharacteristics($0) } ?? 0 }
    table.initialize(to: all)
    return Methods(pointer: table)
}()
