import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Examination")
struct ExaminationTests {
    let folder: TemporaryFolder

    /// Two organisations with a slot each; tickets 1 and 2 booked in the first's, of which the second is verified.
    init() throws {
        folder = try TemporaryFolder()
        do {
            let store = try SQLiteReservationStore(path: folder.database)
            try store.furnish(tickets: 4, slots: 1, capacity: 2)
            try store.batch {
                _ = try store.insert(Samples.organization(2))
                _ = try store.insertSlot(Samples.draft(organization: 2), now: Samples.now)
            }
            _ = try store.book(ticket: 1)
            _ = try store.book(ticket: 2)
        }
        try tamper(
            folder.database,
            """
            UPDATE ticket_reservations SET status = 'VERIFIED' WHERE ticket_id = 2;
            UPDATE tickets SET status = 'VERIFIED' WHERE id = 2;
            UPDATE tickets SET status = 'VERIFIED' WHERE id = 3
            """)
    }

    private func failed() throws -> [String: String] {
        let findings = try SQLiteReservationStore(path: folder.database).examine()
        return Dictionary(uniqueKeysWithValues: findings.filter { !$0.passed }.map { ($0.check, $0.detail) })
    }

    @Test("a sound database passes every check, with a ticket that was used before it was imported")
    func sound() throws {
        let findings = try SQLiteReservationStore(path: folder.database).examine()
        #expect(findings.filter { !$0.passed } == [])
        #expect(findings.count == Examination.all.count)
    }

    struct Tampering: Sendable, CustomTestStringConvertible {
        let sql: String
        let check: String
        let names: String
        var testDescription: String { check }
    }

    static let tamperings = [
        Tampering(
            sql: "UPDATE tickets SET status = 'LOST' WHERE id = 4",
            check: "database file is sound", names: "CHECK constraint failed in tickets"),
        Tampering(
            sql: "UPDATE ticket_reservations SET slot_id = 77 WHERE id = 1",
            check: "every reference leads somewhere", names: "ticket_reservations 1 refers to a missing row of reservation_slots"),
        Tampering(
            sql: "UPDATE reservation_slots SET booked_count = 1, status = 'ACTIVE' WHERE id = 1",
            check: "booked counts equal live reservations", names: "slot 1 has 1 booked but 2 live reservations"),
        Tampering(
            sql: "UPDATE reservation_slots SET total_capacity = 1 WHERE id = 1",
            check: "no slot is oversold", names: "slot 1 has 2 booked of 1"),
        Tampering(
            sql: "UPDATE reservation_slots SET status = 'ACTIVE' WHERE id = 1",
            check: "slots are FULL exactly when no place is left", names: "slot 1 is ACTIVE with 2 of 2 booked"),
        Tampering(
            sql: "UPDATE reservation_slots SET status = 'FULL' WHERE id = 2",
            check: "slots are FULL exactly when no place is left", names: "slot 2 is FULL with 0 of 200 booked"),
        Tampering(
            sql: "UPDATE tickets SET status = 'ACTIVATED' WHERE id = 1",
            check: "every live reservation has a reserved ticket", names: "reservation 1 holds ticket 1, which is ACTIVATED"),
        Tampering(
            sql: "UPDATE tickets SET status = 'RESERVED' WHERE id = 4",
            check: "every reserved ticket has a live reservation", names: "ticket 4 is RESERVED"),
        Tampering(
            sql: "UPDATE ticket_reservations SET status = 'CANCELLED' WHERE id = 2",
            check: "every reserved ticket has a live reservation", names: "ticket 2 is VERIFIED"),
        Tampering(
            sql: "DELETE FROM outbox WHERE reservation_id = 2",
            check: "every reservation has its confirmation", names: "reservation 2"),
        Tampering(
            sql: "UPDATE ticket_reservations SET orq = 2 WHERE id = 1",
            check: "reservations, tickets and slots belong to one organization",
            names: "reservation 1 of organization 2: ticket of 1, slot of 1"),
        Tampering(
            sql: "UPDATE ticket_reservations SET slot_id = 2 WHERE id = 1",
            check: "reservations, tickets and slots belong to one organization",
            names: "reservation 1 of organization 1: ticket of 1, slot of 2"),
        Tampering(
            sql: "UPDATE ticket_reservations SET customer_email = 'erased@erased.invalid' WHERE id = 1",
            check: "who was erased is erased everywhere", names: "reservation 1"),
        Tampering(
            sql: """
                UPDATE ticket_reservations SET customer_email = 'erased@erased.invalid', customer_phone = '+999000000000' WHERE id = 1;
                UPDATE tickets SET customer_email = NULL, customer_phone = NULL WHERE id = 1
                """,
            check: "who was erased is erased everywhere", names: "message 1 of reservation 1"),
        Tampering(
            sql: "UPDATE outbox_totals SET failed = 1", check: "the numbers of confirmations are right",
            names: "1 to be sent and 1 failed, but 2 and 0 there"),
        Tampering(
            sql: "UPDATE row_counts SET row_count = 5", check: "the number of tickets is right", names: "5 counted, 4 there"),
    ]

    @Test("each kind of tampering is found, and the culprit named", arguments: tamperings)
    func found(tampering: Tampering) throws {
        try tamper(folder.database, tampering.sql)
        let detail = try #require(try failed()[tampering.check])
        #expect(detail.contains(tampering.names), "\(detail)")
    }

    @Test("of many culprits five are named and the rest counted")
    func many() throws {
        try tamper(
            folder.database,
            """
            WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 111)
            INSERT INTO tickets (id, ticket_code, orq, product_id, order_id, created_at, updated_at, status)
            SELECT i, 'TKT-2025-ABCDEF-000' || i, 1, 1, 1, 1, 1, 'RESERVED' FROM n
            """)
        let detail = try #require(try failed()["every reserved ticket has a live reservation"])
        #expect(detail.hasSuffix("ticket 104 is RESERVED, and 7 more"), "\(detail)")
    }
}
