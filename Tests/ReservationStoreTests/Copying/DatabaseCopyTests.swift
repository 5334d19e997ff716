import Glibc
import ReservationCore
import StorageFaults
import Testing

@testable import ReservationStore

@Suite("A copy of a database in use")
struct DatabaseCopyTests {
    let folder: TemporaryFolder
    let store: SQLiteReservationStore
    var target: String { "\(folder.path)/copy" }

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteReservationStore(path: folder.database, cacheBytes: 256 << 10)
        try store.furnish(tickets: 3_000, slots: 2, capacity: 3_000)
        try folder.write([], to: "copy")
    }

    private func finish() throws -> Int {
        var steps = 0
        repeat { steps += 1 } while try !store.continueCopy(pages: 7).isComplete
        return steps
    }

    private func contents() throws -> CopiedDatabase.Contents {
        try CopiedDatabase(path: target).examine(cancellation: Cancellation())
    }

    @Test("what is booked while it is made is in it, what is booked afterwards is not, and every check passes")
    func whileBooking() throws {
        try store.beginCopy(into: target)
        var booked: Int64 = 0
        var progress: CopyProgress
        repeat {
            progress = try store.continueCopy(pages: 3)
            // The copy is complete with its last step: what follows is another matter.
            if !progress.isComplete {
                booked += 1
                _ = try store.book(ticket: booked, slot: 1 + booked % 2)
            }
            if booked % 10 == 0 { store.checkpoint(ifLogExceeds: 0) }
        } while !progress.isComplete
        #expect(booked > 20)
        #expect(progress.pagesDone == progress.pagesTotal)
        _ = try store.book(ticket: booked + 1)
        store.endCopy()
        _ = try store.book(ticket: booked + 2)
        let contents = try contents()
        #expect(contents.findings.filter { !$0.passed } == [])
        #expect(contents.findings.count == Examination.all.count)
        #expect(contents.reservations == Int(booked))
        #expect(contents.lastReservation == booked)
        #expect(contents.bytes == folder.size("copy"))
        #expect(try store.examine().filter { !$0.passed } == [])
    }

    @Test("a batch that is undone while it is made leaves nothing in it")
    func undone() throws {
        try store.beginCopy(into: target)
        for round in 1...5 {
            _ = try store.continueCopy(pages: 20)
            try store.begin()
            // More than the cache holds, so that some reaches the log before it is undone.
            for number in 0..<4_000 { _ = try store.insert(Samples.ticket(100_000 + Int64(round * 10_000 + number), organization: 1)) }
            store.rollback()
            _ = try store.book(ticket: Int64(round))
        }
        _ = try finish()
        store.endCopy()
        let contents = try contents()
        #expect(contents.findings.filter { !$0.passed } == [])
        #expect(contents.reservations == 5)
    }

    @Test("it stands for itself: no log beside it, not even a file that asks for one, and a store opens it")
    func selfContained() throws {
        try store.beginCopy(into: target)
        _ = try store.book(ticket: 1)
        _ = try finish()
        store.endCopy()
        _ = try contents()
        #expect(folder.contents.filter { $0.hasPrefix("copy") } == ["copy"])
        // Bytes 18 and 19 of the header: 1 is for a rollback journal, 2 for WAL. <https://sqlite.org/fileformat.html>
        #expect(try bytes(of: "copy", 18..<20) == [1, 1])
        let restored = try SQLiteReservationStore(path: target)
        #expect(try restored.liveReservation(of: Samples.ticket(1).id) != nil)
        _ = try restored.book(ticket: 2)
    }

    @Test("it goes on only outside a batch, and only once begun")
    func outsideBatches() throws {
        #expect(throws: StorageFailure.self) { try store.continueCopy(pages: 1) }
        try store.beginCopy(into: target)
        try store.begin()
        #expect(throws: StorageFailure.self) { try store.continueCopy(pages: 1) }
        store.rollback()
        _ = try finish()
    }

    @Test("damage of any page is found by the checks, also where not even the questions can be asked", arguments: [0, 1, 5, 20])
    func damaged(page: Int) throws {
        store.checkpoint(ifLogExceeds: 0)
        try store.beginCopy(into: target)
        _ = try finish()
        store.endCopy()
        try folder.write([UInt8](repeating: 0xA5, count: 4096), to: "copy", at: 4096 * page)
        let findings = try contents().findings
        #expect(findings.contains { !$0.passed }, "\(findings)")
    }

    @Test("work on it ends when it is cancelled")
    func cancelled() throws {
        try store.beginCopy(into: target)
        _ = try finish()
        store.endCopy()
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: StorageFailure.self) { try CopiedDatabase(path: target).examine(cancellation: cancellation) }
    }

    @Test("another program's database does not pass for a copy")
    func foreign() throws {
        do {
            let other = try Connection(path: target)
            try other.execute("CREATE TABLE t (x)", to: "make")
        }
        #expect(throws: StorageFailure.self) { try contents() }
    }

    @Test("a settled store leaves everything in its one file")
    func settled() throws {
        _ = try store.book(ticket: 1)
        try store.settle()
        #expect(folder.size("reservations.sqlite-wal") == 0)
        let copy = try bytes(of: "reservations.sqlite", 0..<folder.size())
        try folder.write(copy, to: "copy")
        #expect(try SQLiteReservationStore(path: target).liveReservation(of: Samples.ticket(1).id) != nil)
    }

    private func bytes(of name: String, _ range: Range<Int>) throws -> [UInt8] {
        let descriptor = open("\(folder.path)/\(name)", O_RDONLY)
        // Closing a descriptor of the store's own file gives its lock up, which no other process is after here.
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: range.count)
        try #require(pread(descriptor, &bytes, bytes.count, off_t(range.lowerBound)) == bytes.count)
        return bytes
    }
}
