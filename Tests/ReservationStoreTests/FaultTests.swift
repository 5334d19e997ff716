import CSQLite
import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Faults of the disk")
struct FaultTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        #expect(FaultyFiles.isRegistered)
    }

    private func openStore() throws(StoreOpenError) -> SQLiteReservationStore {
        try SQLiteReservationStore(path: folder.database, busyTimeoutMilliseconds: 0, vfs: FaultyFiles.name)
    }

    private func fail(_ operation: FaultyFiles.Operation, after successes: Int = 0, with code: Int32, times: Int = .max) {
        FaultyFiles.plan(
            FaultyFiles.Plan(operation: operation, successes: successes, code: code, failures: times), below: folder.path)
    }

    private func heal() { FaultyFiles.plan(nil, below: folder.path) }

    private func commitFailure(_ store: SQLiteReservationStore) throws -> StorageFailure? {
        try store.begin()
        _ = try store.recordReservation(Samples.request(ticket: 1), now: Samples.now)
        defer { store.rollback() }
        do throws(StorageFailure) {
            try store.commit()
            return nil
        } catch {
            return error
        }
    }

    @Test("a commit on a full disk is known not to have happened, and works again when there is space")
    func fullDisk() throws {
        let store = try openStore()
        try store.furnish()
        fail(.write, with: SQLITE_FULL)
        let failure = try commitFailure(store)
        guard case .unavailable = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        // Reads go on while the disk is full.
        #expect(try store.ticket(Samples.ticket(1).id)?.status == .activated)
        #expect(try store.liveReservation(of: Samples.ticket(1).id) == nil)
        heal()
        _ = try store.book(ticket: 1)
        #expect(try store.examine().filter { !$0.passed } == [])
    }

    @Test(
        "a commit that the device failed is told apart from a full disk",
        arguments: [
            (FaultyFiles.Operation.write, ExtendedCode.ioWrite), (.sync, ExtendedCode.ioSync), (.sync, ExtendedCode.ioDirectorySync),
        ] as [(FaultyFiles.Operation, Int32)])
    func failedDevice(operation: FaultyFiles.Operation, code: Int32) throws {
        let store = try openStore()
        try store.furnish()
        fail(operation, with: code)
        let failure = try commitFailure(store)
        guard case .deviceFailed(let text) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(text.contains("\(code)"))
        heal()
    }

    @Test("a failed checkpoint loses nothing, is remembered, and succeeds when it is tried again")
    func checkpoint() throws {
        let store = try openStore()
        try store.furnish(tickets: 300)
        let pages = store.connection.pagesInLog
        fail(.write, with: SQLITE_FULL)
        store.checkpoint(ifLogExceeds: 0)
        guard case .unavailable = store.checkpointFailure else {
            Issue.record("\(String(describing: store.checkpointFailure))")
            return
        }
        #expect(store.connection.pagesInLog == pages)
        #expect(try store.statistics().tickets == 300)
        heal()
        store.checkpoint(ifLogExceeds: 0)
        #expect(store.checkpointFailure == nil)
        #expect(store.connection.pagesInLog == 0)
        #expect(try store.examine().filter { !$0.passed } == [])
    }

    @Test("no space for a new database is said so")
    func noSpaceToBegin() {
        fail(.write, with: SQLITE_FULL)
        #expect {
            _ = try openStore()
        } throws: { error in
            switch error {
            case StoreOpenError.diskFull, StoreOpenError.migrationFailed: true
            default: false
            }
        }
        heal()
    }

    /// SQLite's own way of testing: make each write, sync and cut fail in turn, and look at what is left.
    /// <https://sqlite.org/testing.html#i_o_error_testing>
    @Test(
        "whichever operation fails, and once or for good, what was answered is there and the database is sound",
        arguments: [SQLITE_FULL, ExtendedCode.ioWrite, ExtendedCode.ioSync] as [Int32], [1, Int.max])
    func everyOperation(code: Int32, times: Int) throws {
        do { try SQLiteReservationStore(path: folder.database).furnish(tickets: 40, slots: 3) }
        var successes = 0
        var next: Int64 = 1
        var reachedEnd = false
        while !reachedEnd {
            var answered: [Int64] = []
            var unknown: Set<Int64> = []
            fail(.any, after: successes, with: code, times: times)
            do {
                let store = try openStore()
                for ticket in next..<(next + 3) {
                    try store.begin()
                    do throws(StorageFailure) {
                        _ = try store.recordReservation(Samples.request(ticket: ticket), now: Samples.now)
                        try store.commit()
                        answered.append(ticket)
                        store.checkpoint(ifLogExceeds: 2)
                    } catch {
                        store.rollback()
                        // The daemon ends its process here: what follows in this life is not trusted.
                        if case .deviceFailed = error {
                            unknown.insert(ticket)
                            break
                        }
                    }
                }
            } catch is StoreOpenError {
                // Opening met the fault: nothing was answered.
            }
            reachedEnd = FaultyFiles.met(below: folder.path) <= successes
            heal()
            let store = try SQLiteReservationStore(path: folder.database)
            for ticket in next..<(next + 3) where !unknown.contains(ticket) {
                let isReserved = try store.liveReservation(of: Samples.ticket(ticket).id) != nil
                #expect(isReserved == answered.contains(ticket), "ticket \(ticket), fault at operation \(successes + 1)")
            }
            let unsound = try store.examine().filter { !$0.passed && !$0.check.hasPrefix("booked counts") }
            #expect(unsound == [], "fault at operation \(successes + 1)")
            try store.connection.execute(
                """
                DELETE FROM ticket_reservations;
                UPDATE tickets SET status = 'ACTIVATED', customer_email = NULL, customer_phone = NULL, reserved_at = NULL
                """, to: "clear")
            successes += 1
            next = next % 30 + 3
        }
        #expect(successes > 10)
    }
}
