import CSQLite
import Glibc
import SeededRandom
import Synchronization

/// A disk in memory that holds one database, fails when told to, and knows what a power cut would leave of it.
///
/// SQLite finds it by ``path`` through the VFS ``SimulatedFileSystem/name``, for as long as somebody holds it.
package final class SimulatedDisk: Sendable {
    /// The database's path.
    package let path: String
    private let content: Mutex<Content>

    private struct Content {
        var state: DiskState
        var start: DiskState
        var events: [DiskEvent] = []
        var isRecording = false
        var fault: DiskFault?
        var counts: [DiskOperation: Int] = [:]
        var hits: [DiskFaultHit] = []
        var handles: [Int: Handle] = [:]
        var nextHandle = 0
        var generator = SeededGenerator(seed: FaultEffort.seed)
    }

    private struct Handle {
        var file: Int
        var name: String
        /// Set until the first sync of a journal or log that was opened to be made: it syncs the directory as well.
        var syncsDirectory: Bool
        var lock = SQLITE_LOCK_NONE
    }

    /// - Parameter state: what is on it.
    package init(_ state: DiskState = DiskState()) {
        path = SimulatedFileSystem.newPath()
        content = Mutex(Content(state: state, start: state))
        SimulatedFileSystem.mount(self)
    }

    deinit { SimulatedFileSystem.unmount(path) }

    // MARK: what a test asks and sets

    /// The disk as it is.
    package var state: DiskState { content.withLock { $0.state } }

    /// Starts to record, from what is there.
    package func record() {
        content.withLock { content in
            content.start = content.state
            content.events = []
            content.isRecording = true
        }
    }

    package var recording: DiskRecording { content.withLock { DiskRecording(start: $0.start, events: $0.events) } }

    /// How many changes and syncs were recorded.
    package var eventCount: Int { content.withLock { $0.events.count } }

    /// Puts a fault in stock, nil makes the disk well. Operations are counted anew.
    package func setFault(_ fault: DiskFault?) {
        content.withLock { content in
            content.fault = fault
            content.counts = [:]
        }
    }

    /// How many operations of each kind there were since ``setFault(_:)``.
    package var counts: [DiskOperation: Int] { content.withLock { $0.counts } }

    /// The faults that happened, in order.
    package var hits: [DiskFaultHit] { content.withLock { $0.hits } }

    /// What an operating system does for `fsync` and `posix_fadvise(POSIX_FADV_DONTNEED)` on the log, and `fsync` on its directory.
    ///
    /// - Returns: an extended result code.
    package func settleLog() -> Int32 {
        content.withLock { content in
            if let file = content.state.names["-wal"] {
                let survival = content.fault?.survival ?? .nothing
                if let code = Self.fault(at: .sync, "-wal", &content) {
                    Self.apply(.failedSync(file: file, survival, seed: content.generator.next()), &content)
                    return code
                }
                Self.apply(.sync(file: file), &content)
                Self.apply(.forget(file: file), &content)
            }
            Self.apply(.syncDirectory, &content)
            return SQLITE_OK
        }
    }

    // MARK: what SQLite asks

    func open(_ name: String, flags: Int32) -> (handle: Int, code: Int32) {
        // The empty file that the store made has served; nothing stays behind should the process end with stores open.
        if name.isEmpty { unlink(path) }
        return content.withLock { content in
            if let code = Self.fault(at: .open, name, &content) { return (0, code) }
            // The store makes a missing database itself before SQLite opens it.
            if content.state.names[name] == nil {
                guard flags & SQLITE_OPEN_CREATE != 0 || name.isEmpty else { return (0, DiskError.cannotOpen) }
                Self.apply(.create(name: name), &content)
            }
            guard let file = content.state.names[name] else { return (0, DiskError.cannotOpen) }
            let isLog = flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL) != 0
            content.nextHandle += 1
            content.handles[content.nextHandle] = Handle(
                file: file, name: name, syncsDirectory: isLog && flags & SQLITE_OPEN_CREATE != 0)
            return (content.nextHandle, SQLITE_OK)
        }
    }

    func close(_ handle: Int) { content.withLock { $0.handles[handle] = nil } }

    /// - Returns: SQLite wants the rest filled with zeros where the file ends early.
    func read(_ handle: Int, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int32 {
        content.withLock { content in
            guard let opened = content.handles[handle] else { return SQLITE_MISUSE }
            let passed = content.fault?.passed ?? .none
            let fault = Self.fault(at: .read, opened.name, &content)
            let file = content.state.files[opened.file].current
            let available = max(0, min(buffer.count, file.count - offset))
            let count = fault == nil ? available : min(available, passed.count(of: buffer.count))
            file.withUnsafeBytes { buffer.copyBytes(from: $0[min(offset, file.count)..<(min(offset, file.count) + count)]) }
            if let fault { return fault }
            guard count < buffer.count else { return SQLITE_OK }
            UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).initializeMemory(as: UInt8.self, repeating: 0)
            return DiskError.shortRead
        }
    }

    func write(_ handle: Int, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
        content.withLock { content in
            guard let opened = content.handles[handle] else { return SQLITE_MISUSE }
            let passed = content.fault?.passed ?? .none
            let fault = Self.fault(at: .write, opened.name, &content)
            let count = fault == nil ? bytes.count : passed.count(of: bytes.count)
            if count > 0 { Self.apply(.write(file: opened.file, at: offset, bytes: Array(bytes[..<count])), &content) }
            return fault ?? SQLITE_OK
        }
    }

    func truncate(_ handle: Int, to size: Int) -> Int32 {
        content.withLock { content in
            guard let opened = content.handles[handle] else { return SQLITE_MISUSE }
            if let code = Self.fault(at: .truncate, opened.name, &content) { return code }
            Self.apply(.resize(file: opened.file, to: size), &content)
            return SQLITE_OK
        }
    }

    func sync(_ handle: Int) -> Int32 {
        content.withLock { content in
            guard let opened = content.handles[handle] else { return SQLITE_MISUSE }
            let survival = content.fault?.survival ?? .nothing
            if let code = Self.fault(at: .sync, opened.name, &content) {
                Self.apply(.failedSync(file: opened.file, survival, seed: content.generator.next()), &content)
                return code
            }
            Self.apply(.sync(file: opened.file), &content)
            if opened.syncsDirectory {
                Self.apply(.syncDirectory, &content)
                content.handles[handle]?.syncsDirectory = false
            }
            return SQLITE_OK
        }
    }

    func size(_ handle: Int) -> (size: Int, code: Int32) {
        content.withLock { content in
            guard let opened = content.handles[handle] else { return (0, SQLITE_MISUSE) }
            if let code = Self.fault(at: .fileSize, opened.name, &content) { return (0, code) }
            return (content.state.files[opened.file].current.count, SQLITE_OK)
        }
    }

    /// The locks of <https://sqlite.org/lockingv3.html>, without PENDING: nobody waits here for readers to leave.
    func lock(_ handle: Int, _ level: Int32) -> Int32 {
        content.withLock { content in
            guard let opened = content.handles[handle] else { return SQLITE_MISUSE }
            if let code = Self.fault(at: .lock, opened.name, &content) { return code }
            let others = content.handles.filter { $0.key != handle && $0.value.file == opened.file }.map(\.value.lock).max() ?? 0
            let tolerated =
                switch level {
                case SQLITE_LOCK_SHARED: SQLITE_LOCK_RESERVED
                case SQLITE_LOCK_EXCLUSIVE: SQLITE_LOCK_NONE
                default: SQLITE_LOCK_SHARED
                }
            guard others <= tolerated else { return SQLITE_BUSY }
            content.handles[handle]?.lock = max(opened.lock, level)
            return SQLITE_OK
        }
    }

    func unlock(_ handle: Int, _ level: Int32) {
        content.withLock { $0.handles[handle]?.lock = level }
    }

    func isReserved(_ handle: Int) -> Bool {
        content.withLock { content in
            guard let file = content.handles[handle]?.file else { return false }
            return content.handles.values.contains { $0.file == file && $0.lock >= SQLITE_LOCK_RESERVED }
        }
    }

    func delete(_ name: String, syncsDirectory: Bool) -> Int32 {
        content.withLock { content in
            if let code = Self.fault(at: .delete, name, &content) {
                // A directory whose sync failed has the change, for now.
                if code == DiskError.directorySync, content.state.names[name] != nil { Self.apply(.remove(name: name), &content) }
                return code
            }
            guard content.state.names[name] != nil else { return DiskError.deleteMissing }
            Self.apply(.remove(name: name), &content)
            if syncsDirectory { Self.apply(.syncDirectory, &content) }
            return SQLITE_OK
        }
    }

    func exists(_ name: String) -> (exists: Bool, code: Int32) {
        content.withLock { content in
            if let code = Self.fault(at: .access, name, &content) { return (false, code) }
            // As SQLite's own: an empty file counts as none.
            return (content.state.names[name].map { !content.state.files[$0].current.isEmpty } ?? false, SQLITE_OK)
        }
    }

    // MARK: inside

    private static func apply(_ event: DiskEvent, _ content: inout Content) {
        content.state.apply(event)
        if content.isRecording { content.events.append(event) }
    }

    /// Counts the operation.
    ///
    /// - Returns: what it must report instead of being done, if the fault in stock is for it.
    private static func fault(at operation: DiskOperation, _ name: String, _ content: inout Content) -> Int32? {
        let position = content.counts[operation, default: 0]
        content.counts[operation] = position + 1
        guard let fault = content.fault, fault.operation == operation,
            fault.isLasting ? position >= fault.position : position == fault.position
        else { return nil }
        content.hits.append(DiskFaultHit(operation: operation, name: name))
        return fault.code
    }
}
