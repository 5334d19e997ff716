import CSQLite
import ReservationCore
import StorageFaults
import Testing

@testable import ReservationStore

@Suite("The log's writes are coalesced")
struct CoalescingTests {
    let disk = SimulatedDisk()

    /// Calls of `operation` within `body`.
    private func count(_ operation: DiskOperation, _ body: () throws -> Void) rethrows -> Int {
        disk.setFault(nil)
        try body()
        return disk.counts[operation, default: 0]
    }

    @Test("a batch of hundreds of pages reaches the disk in calls of 120 KiB, and in no more than one for a small one")
    func fewCalls() throws {
        let store = try SQLiteReservationStore(on: disk)
        try store.furnish()
        let few = try count(.write) { _ = try store.book(ticket: 1) }
        #expect(few == 1)
        var pages = 0
        let many = try count(.write) {
            let before = store.connection.pagesInLog
            try store.batch { for number in 10...6000 { _ = try store.insert(Samples.ticket(Int64(number))) } }
            pages = store.connection.pagesInLog - before
        }
        #expect(pages > 100)
        #expect(many <= pages * 4120 / (120 * 1024) + 2)
    }

    @Test("what is committed is synced: one sync a batch")
    func synced() throws {
        let store = try SQLiteReservationStore(on: disk)
        try store.furnish()
        #expect(try count(.sync) { _ = try store.book(ticket: 1) } == 1)
    }

    @Test("pages that a batch reads again after they left the cache are the ones it wrote")
    func readBack() throws {
        let store = try SQLiteReservationStore(on: disk, cacheBytes: 32 << 10)
        try store.furnish()
        try store.batch {
            for number in 10...3000 { _ = try store.insert(Samples.ticket(Int64(number))) }
            for number in 10...3000 { #expect(try store.ticket(Samples.ticket(Int64(number)).id) == Samples.ticket(Int64(number))) }
        }
        #expect(try store.examine().filter { !$0.passed } == [])
    }

    @Test("a batch that lost a write cannot be committed, whichever write it was and whatever its statements were told")
    func lostWrite() throws {
        var failed = 0
        var position = 0
        while true {
            let number = Int64(10_000 + position * 1000)
            disk.setFault(DiskFault(.write, at: position, code: DiskError.full))
            var inserted: [Int64] = []
            var isCommitted = false
            do {
                let store = try SQLiteReservationStore(on: disk, cacheBytes: 32 << 10)
                if try store.loadOrganizations().isEmpty { try store.furnish() }
                try store.begin()
                for ticket in number..<(number + 900) where (try? store.insert(Samples.ticket(ticket))) == true { inserted.append(ticket) }
                do throws(StorageFailure) {
                    try store.commit()
                    isCommitted = true
                } catch {
                    store.rollback()
                }
            } catch is StoreOpenError {
                // Opening met the fault.
            } catch is StorageFailure {
                // Furnishing or the batch's beginning did, or SQLite had ended the batch.
            }
            let wasMet = disk.counts[.write, default: 0] > position
            disk.setFault(nil)
            let store = try SQLiteReservationStore(on: disk)
            for ticket in inserted {
                #expect(try (store.ticket(Samples.ticket(ticket).id) != nil) == isCommitted, "ticket \(ticket), write \(position + 1)")
            }
            #expect(try store.examine().filter { !$0.passed } == [], "write \(position + 1)")
            guard wasMet else { break }
            if !isCommitted { failed += 1 }
            position += 1
        }
        #expect(failed > 3)
    }

    @Test("what has gathered is read back, over several writes, corrections and what was written before")
    func reading() throws {
        let file = try CoalescedFile(on: disk)
        #expect(file.write("first", at: 0) == SQLITE_OK)
        #expect(file.sync() == SQLITE_OK)
        for (text, offset) in [("second", 5), ("third", 11), ("SEC", 5)] { #expect(file.write(text, at: Int64(offset)) == SQLITE_OK) }
        #expect(file.read(11, at: 5) == "SECondthird")
        #expect(file.read(16, at: 0) == "firstSECondthird")
    }

    @Test("what could not be written fails its transaction to the end, and never reaches the disk later")
    func failedTransaction() throws {
        let file = try CoalescedFile(on: disk)
        #expect(file.write("kept", at: 0) == SQLITE_OK)
        #expect(file.sync() == SQLITE_OK)
        #expect(file.write("lost", at: 4) == SQLITE_OK)
        disk.setFault(DiskFault(.write, code: DiskError.full))
        // Another place makes it hand over what it has.
        #expect(file.write("more", at: 100) == SQLITE_FULL)
        #expect(file.write("more", at: 8) == SQLITE_FULL)
        #expect(file.read(4, at: 4) == nil)
        #expect(file.sync() == SQLITE_FULL)
        #expect(file.read(4, at: 0) == "kept")
        // The next transaction begins where the failed one did.
        #expect(file.write("next", at: 4) == SQLITE_OK)
        #expect(file.sync() == SQLITE_OK)
        #expect(file.read(8, at: 0) == "keptnext")
        #expect(disk.state.powerCut(.everything).files["-wal"] == Array("keptnext".utf8))
    }
}
