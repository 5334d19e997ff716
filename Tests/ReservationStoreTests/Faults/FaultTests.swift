import ReservationCore
import StorageFaults
import Testing

@testable import ReservationStore

@Suite("Faults of the disk")
struct FaultTests {
    let disk = SimulatedDisk()

    private func openStore() throws(StoreOpenError) -> SQLiteReservationStore {
        try SQLiteReservationStore(on: disk)
    }

    private func fail(_ operation: DiskOperation, with code: Int32) {
        disk.setFault(DiskFault(operation, code: code, isLasting: true))
    }

    private func heal() { disk.setFault(nil) }

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
        fail(.write, with: DiskError.full)
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
            (DiskOperation.write, DiskError.write), (.sync, DiskError.sync), (.sync, DiskError.directorySync),
        ] as [(DiskOperation, Int32)])
    func failedDevice(operation: DiskOperation, code: Int32) throws {
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
        fail(.write, with: DiskError.full)
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
        fail(.write, with: DiskError.full)
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
}
