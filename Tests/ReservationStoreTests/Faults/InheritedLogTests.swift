import Glibc
import StorageFaults
import Testing

@testable import ReservationStore

@Suite("A log that a predecessor left")
struct InheritedLogTests {
    @Test("it is read from the device, not from the memory of what was once written", .enabled(if: FileOnDisk.isPossible))
    func readFromDevice() throws {
        let database = try FileOnDisk()
        let log = try FileOnDisk(path: database.path + "-wal", pages: 64)
        #expect(try log.pagesInMemory() == 64)
        try InheritedLog(of: DatabaseFile(path: database.path)).settle()
        #expect(try log.pagesInMemory() == 0)
    }

    @Test("a log that cannot be synced keeps the store from opening")
    func syncFails() throws {
        let disk = SimulatedDisk(try BookingScript.prepared())
        disk.setFault(DiskFault(.sync, code: DiskError.sync))
        #expect {
            _ = try SQLiteReservationStore(on: disk)
        } throws: { error in
            guard case StoreOpenError.deviceFailed = error else { return false }
            return true
        }
    }
}

/// A file on a file system that has a device: in one that is all memory nothing can be forgotten.
private final class FileOnDisk {
    let path: String
    private let descriptor: Int32
    private let bytes: Int

    static let isPossible: Bool = {
        var status = stat()
        // Linux gives what has no device of its own the major number 0.
        return stat("/tmp", &status) == 0 && (status.st_dev >> 8) & 0xFFF != 0
    }()

    init(path: String? = nil, pages: Int = 1) throws {
        var template = Array((path ?? "/tmp/reservation-log-XXXXXX").utf8CString)
        descriptor = path == nil ? mkstemp(&template) : open(template, O_RDWR | O_CREAT | O_EXCL, 0o600)
        self.path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        bytes = pages * Int(getpagesize())
        let contents = [UInt8](repeating: 1, count: bytes)
        guard descriptor >= 0, write(descriptor, contents, bytes) == bytes else { throw TemporaryFolder.Failure(code: errno) }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    func pagesInMemory() throws -> Int {
        // A mapping that nobody touches holds no page.
        guard let start = mmap(nil, bytes, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
            throw TemporaryFolder.Failure(code: errno)
        }
        defer { munmap(start, bytes) }
        var residence = [UInt8](repeating: 0, count: bytes / Int(getpagesize()))
        guard mincore(start, bytes, &residence) == 0 else { throw TemporaryFolder.Failure(code: errno) }
        return residence.count { $0 & 1 == 1 }
    }
}
