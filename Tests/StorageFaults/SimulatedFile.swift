import CSQLite

/// One file that SQLite has open.
final class OpenedFile: Sendable {
    let disk: SimulatedDisk
    let handle: Int

    init(disk: SimulatedDisk, handle: Int) {
        self.disk = disk
        self.handle = handle
    }
}

/// What stands in the memory that SQLite gives for a file.
struct SimulatedFile {
    private var base: sqlite3_file
    private var opened: Unmanaged<OpenedFile>

    /// Makes `file` one of ours; ``end(_:)`` lets `opened` go.
    static func begin(_ file: UnsafeMutablePointer<sqlite3_file>, _ opened: OpenedFile) {
        UnsafeMutableRawPointer(file).initializeMemory(
            as: SimulatedFile.self, to: SimulatedFile(base: sqlite3_file(pMethods: methods.pointer), opened: .passRetained(opened)))
    }

    static func opened(_ file: UnsafeMutablePointer<sqlite3_file>?) -> OpenedFile? {
        file.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: SimulatedFile.self).pointee.opened.takeUnretainedValue() }
    }

    static func end(_ file: UnsafeMutablePointer<sqlite3_file>?) {
        guard let file else { return }
        let opened = UnsafeMutableRawPointer(file).assumingMemoryBound(to: SimulatedFile.self).pointee.opened.takeRetainedValue()
        opened.disk.close(opened.handle)
    }
}

/// Never freed: SQLite may use it until the process ends.
private struct Methods: @unchecked Sendable {
    // Safe: written once, below, before anybody reads it.
    let pointer: UnsafePointer<sqlite3_io_methods>
}

private let methods: Methods = {
    let table = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    var all = sqlite3_io_methods()
    // Version 1: no shared memory, which exclusive locking does without.
    all.iVersion = 1
    all.xClose = { file in
        SimulatedFile.end(file)
        return SQLITE_OK
    }
    all.xRead = { file, buffer, count, offset in
        guard let opened = SimulatedFile.opened(file) else { return SQLITE_MISUSE }
        return opened.disk.read(opened.handle, into: UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)), at: Int(offset))
    }
    all.xWrite = { file, bytes, count, offset in
        guard let opened = SimulatedFile.opened(file) else { return SQLITE_MISUSE }
        return opened.disk.write(opened.handle, UnsafeRawBufferPointer(start: bytes, count: Int(count)), at: Int(offset))
    }
    all.xTruncate = { file, size in
        guard let opened = SimulatedFile.opened(file) else { return SQLITE_MISUSE }
        return opened.disk.truncate(opened.handle, to: Int(size))
    }
    all.xSync = { file, _ in
        guard let opened = SimulatedFile.opened(file) else { return SQLITE_MISUSE }
        return opened.disk.sync(opened.handle)
    }
    all.xFileSize = { file, result in
        guard let opened = SimulatedFile.opened(file) else { return SQLITE_MISUSE }
        let (size, code) = opened.disk.size(opened.handle)
        if code == SQLITE_OK { result?.pointee = sqlite3_int64(size) }
        return code
    }
    all.xLock = { file, level in
        guard let opened = SimulatedFile.opened(file) else { return SQLITE_MISUSE }
        return opened.disk.lock(opened.handle, level)
    }
    all.xUnlock = { file, level in
        guard let opened = SimulatedFile.opened(file) else { return SQLITE_MISUSE }
        opened.disk.unlock(opened.handle, level)
        return SQLITE_OK
    }
    all.xCheckReservedLock = { file, result in
        guard let opened = SimulatedFile.opened(file) else { return SQLITE_MISUSE }
        result?.pointee = opened.disk.isReserved(opened.handle) ? 1 : 0
        return SQLITE_OK
    }
    all.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
    // Both as SQLite's own way to Linux answers; the second makes it write no more than what it wants to change.
    all.xSectorSize = { _ in 4096 }
    all.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
    table.initialize(to: all)
    return Methods(pointer: UnsafePointer(table))
}()
