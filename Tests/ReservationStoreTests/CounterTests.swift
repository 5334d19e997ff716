import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Counters")
struct CounterTests {
    let folder: TemporaryFolder

    /// Two slots of two places, one ticket booked in the first.
    init() throws {
        folder = try TemporaryFolder()
        let store = try SQLiteReservationStore(path: folder.database)
        try store.furnish(tickets: 4, slots: 2, capacity: 2)
        _ = try store.book(ticket: 1)
    }

    private func mismatch(slot: Int64, booked: Int, live: Int, capacity: Int = 2) -> CounterMismatch {
        CounterMismatch(slot: SlotID(slot)!, bookedCount: booked, liveReservations: live, totalCapacity: capacity)
    }

    /// Reservations that no counter knows of.
    private func smuggle(tickets: [Int], into slot: Int) throws {
        for ticket in tickets {
            try tamper(
                folder.database,
                """
                INSERT INTO ticket_reservations
                    (ticket_id, slot_id, customer_email, customer_phone, reserved_at, orq, created_at, updated_at)
                VALUES (\(ticket), \(slot), 'a@example.com', '+12025551234', 1, 1, 1, 1)
                """)
        }
    }

    @Test("counters that are right are not mentioned")
    func right() throws {
        let store = try SQLiteReservationStore(path: folder.database)
        #expect(try store.counterMismatches() == [])
        #expect(try store.repairCounters(now: Samples.later) == CounterRepair(repaired: [], oversold: []))
    }

    @Test("a counter too high, too low, or of a slot without reservations is found and repaired")
    func repaired() throws {
        try tamper(folder.database, "UPDATE reservation_slots SET booked_count = 1 WHERE id = 2")
        try smuggle(tickets: [2], into: 1)
        let store = try SQLiteReservationStore(path: folder.database)
        let found = [mismatch(slot: 1, booked: 1, live: 2), mismatch(slot: 2, booked: 1, live: 0)]
        #expect(try store.counterMismatches() == found)
        #expect(try store.repairCounters(now: Samples.later) == CounterRepair(repaired: found, oversold: []))
        #expect(try store.counterMismatches() == [])
        let slots = try store.allSlots()
        #expect(slots.map(\.bookedCount) == [2, 0])
        #expect(slots.map(\.status) == [.full, .active])
        #expect(slots.map(\.updatedAt) == [Samples.later, Samples.later])
    }

    @Test("a full slot that has places again becomes ACTIVE, and a closed one stays closed")
    func status() throws {
        try tamper(
            folder.database,
            """
            UPDATE reservation_slots SET booked_count = 2, status = 'FULL' WHERE id = 1;
            UPDATE reservation_slots SET booked_count = 2, status = 'CLOSED' WHERE id = 2
            """)
        let store = try SQLiteReservationStore(path: folder.database)
        _ = try store.repairCounters(now: Samples.later)
        #expect(try store.allSlots().map(\.status) == [.active, .closed])
        #expect(try store.allSlots().map(\.bookedCount) == [1, 0])
    }

    @Test("cancelled reservations hold no place, verified ones do")
    func statuses() throws {
        try tamper(folder.database, "UPDATE ticket_reservations SET status = 'VERIFIED'")
        do { #expect(try SQLiteReservationStore(path: folder.database).counterMismatches() == []) }
        try tamper(folder.database, "UPDATE ticket_reservations SET status = 'CANCELLED'")
        let store = try SQLiteReservationStore(path: folder.database)
        #expect(try store.counterMismatches() == [mismatch(slot: 1, booked: 1, live: 0)])
    }

    @Test("an oversold slot is reported and left alone, the others are repaired")
    func oversold() throws {
        try smuggle(tickets: [2, 3], into: 1)
        try smuggle(tickets: [4], into: 2)
        let store = try SQLiteReservationStore(path: folder.database)
        let repair = try store.repairCounters(now: Samples.later)
        #expect(repair.oversold == [mismatch(slot: 1, booked: 1, live: 3)])
        #expect(repair.repaired == [mismatch(slot: 2, booked: 0, live: 1)])
        #expect(try store.allSlots().map(\.bookedCount) == [1, 1])
        #expect(try store.counterMismatches() == repair.oversold)
    }

    @Test("a count beyond the capacity is a mismatch even when the reservations are there")
    func beyondCapacity() throws {
        try smuggle(tickets: [2, 3], into: 1)
        try tamper(folder.database, "UPDATE reservation_slots SET booked_count = 3 WHERE id = 1")
        let store = try SQLiteReservationStore(path: folder.database)
        #expect(try store.counterMismatches() == [mismatch(slot: 1, booked: 3, live: 3)])
    }
}
