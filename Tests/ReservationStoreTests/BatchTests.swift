import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Batches")
struct BatchTests {
    let folder: TemporaryFolder
    let store: SQLiteReservationStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteReservationStore(path: folder.database)
        try store.furnish()
    }

    @Test("a batch that is rolled back leaves nothing of any kind of write")
    func rollback() throws {
        let counts = """
            SELECT (SELECT count(*) FROM organizations) || ' ' || (SELECT count(*) FROM reservation_slots) || ' '
                || (SELECT count(*) FROM tickets) || ' ' || (SELECT count(*) FROM ticket_reservations) || ' '
                || (SELECT count(*) FROM outbox) || ' ' || (SELECT count(*) FROM idempotency_records) || ' '
                || (SELECT row_count FROM row_counts) || ' ' || (SELECT booked_count FROM reservation_slots)
            """
        let before = try column(counts, on: store.connection)
        try store.begin()
        _ = try store.insert(Samples.organization(2))
        _ = try store.insertSlot(Samples.draft(hour: 16), now: Samples.now)
        _ = try store.insert(Samples.ticket(9))
        _ = try store.recordReservation(Samples.request(ticket: 1), now: Samples.now)
        try store.update(BookingRules.booking(try store.allSlots()[0], now: Samples.now))
        try store.insert(IdempotencyRecord(fingerprint: 1, reply: [1]), under: Samples.key(1), now: Samples.now)
        store.rollback()
        #expect(try column(counts, on: store.connection) == before)
        #expect(try store.ticket(Samples.ticket(1).id)?.status == .activated)
    }

    @Test("rolling back without a batch does no harm")
    func rollbackTwice() throws {
        store.rollback()
        try store.begin()
        store.rollback()
        store.rollback()
        #expect(try store.batch { try store.insert(Samples.ticket(9)) })
    }

    @Test("a write outside any batch is refused, for it would be durable before its batch")
    func outside() throws {
        #expect(throws: StorageFailure.self) { _ = try store.insert(Samples.organization(2)) }
        #expect(throws: StorageFailure.self) { _ = try store.insertSlot(Samples.draft(hour: 16), now: Samples.now) }
        #expect(throws: StorageFailure.self) { _ = try store.insert(Samples.ticket(9)) }
        #expect(throws: StorageFailure.self) { try store.update(try store.allSlots()[0]) }
        #expect(throws: StorageFailure.self) { _ = try store.recordReservation(Samples.request(ticket: 1), now: Samples.now) }
        #expect(throws: StorageFailure.self) {
            try store.insert(IdempotencyRecord(fingerprint: 1, reply: []), under: Samples.key(1), now: Samples.now)
        }
        #expect(throws: StorageFailure.self) { _ = try store.removeIdempotencyRecords(before: Samples.later, limit: 1) }
        #expect(try store.statistics().tickets == 3)
    }

    @Test("a batch within a batch is a defect, and the outer one goes on")
    func nested() throws {
        try store.begin()
        _ = try store.insert(Samples.ticket(9))
        #expect(throws: StorageFailure.self) { try store.begin() }
        try store.commit()
        #expect(try store.ticket(Samples.ticket(9).id) != nil)
    }

    @Test("committing without a batch is a defect")
    func commitWithoutBegin() {
        #expect(throws: StorageFailure.self) { try store.commit() }
    }

    @Test("reads within a batch see its writes")
    func readsOwnWrites() throws {
        try store.begin()
        _ = try store.recordReservation(Samples.request(ticket: 1), now: Samples.now)
        #expect(try store.ticket(Samples.ticket(1).id)?.status == .reserved)
        #expect(try store.liveReservation(of: Samples.ticket(1).id) != nil)
        store.rollback()
        #expect(try store.liveReservation(of: Samples.ticket(1).id) == nil)
    }

    @Test("a database at its size limit refuses the write, keeps what it had, and goes on once there is room")
    func full() throws {
        let pages = try column("PRAGMA page_count", on: store.connection)[0]
        _ = try column("PRAGMA max_page_count = \(pages)", on: store.connection)
        #expect {
            try store.batch {
                for number in 10...5000 { _ = try store.insert(Samples.ticket(Int64(number))) }
            }
        } throws: { error in
            guard case StorageFailure.unavailable = error else { return false }
            return true
        }
        #expect(try store.statistics().tickets == 3)
        #expect(try store.ticket(Samples.ticket(1).id) != nil)
        _ = try column("PRAGMA max_page_count = 100000", on: store.connection)
        #expect(try store.batch { try store.insert(Samples.ticket(10)) })
        let unsound = try store.examine().filter { !$0.passed }
        #expect(unsound == [])
    }
}
