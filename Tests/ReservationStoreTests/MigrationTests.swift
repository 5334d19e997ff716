import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Migrations")
struct MigrationTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func schema(of path: String) throws -> [String] {
        try column(
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name", on: try Connection(path: path))
    }

    @Test("numbers rise, and the card's own migration has its number and name")
    func numbers() {
        let numbers = Migration.all.map(\.number)
        #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
        #expect(Migration.all.contains { $0.number == 21 && $0.name == "ticket_reservations" })
    }

    @Test("a new database has every migration on record")
    func fresh() throws {
        do { _ = try SQLiteReservationStore(path: folder.database) }
        let connection = try Connection(path: folder.database)
        let record = try column("SELECT number || ' ' || name FROM schema_migrations ORDER BY number", on: connection)
        #expect(
            record == [
                "1 organizations", "19 tickets", "20 reservation_slots", "21 ticket_reservations", "22 idempotency_records", "23 outbox",
                "24 organization_profiles", "25 outbox_delivery", "26 outbox_request_name",
                "27 reservation_changes", "28 history", "29 events", "30 ticket_validity", "32 reservations_of_slot",
                "33 personal_data",
            ])
        let version = try column("PRAGMA user_version", on: connection)
        #expect(version == ["33"])
    }

    @Test("from every earlier step the same schema is reached", arguments: 0...Migration.all.count)
    func fromEachStep(done: Int) throws {
        try folder.write([])
        do {
            let connection = try Connection(path: folder.database)
            try SchemaUpgrade(path: folder.database, migrations: Array(Migration.all.prefix(done))).run(on: connection)
            let recorded = done == 0 ? [] : try column("SELECT name FROM schema_migrations ORDER BY number", on: connection)
            #expect(recorded == Migration.all.prefix(done).map(\.name))
        }
        do { _ = try SQLiteReservationStore(path: folder.database) }
        let other = try TemporaryFolder()
        do { _ = try SQLiteReservationStore(path: other.database) }
        #expect(try schema(of: folder.database) == schema(of: other.database))
    }

    @Test("opening a second time changes nothing")
    func idempotent() throws {
        do { _ = try SQLiteReservationStore(path: folder.database) }
        let before = try column("SELECT number || ' ' || applied_at FROM schema_migrations", on: try Connection(path: folder.database))
        do { _ = try SQLiteReservationStore(path: folder.database) }
        let after = try column("SELECT number || ' ' || applied_at FROM schema_migrations", on: try Connection(path: folder.database))
        #expect(before == after)
    }

    @Test("tickets from before the reservations become ACTIVATED, as of their creation, and are counted")
    func backfill() throws {
        try folder.write([])
        do {
            let connection = try Connection(path: folder.database)
            try SchemaUpgrade(path: folder.database, migrations: [.organizations, .tickets]).run(on: connection)
            try connection.execute(
                """
                INSERT INTO organizations VALUES (1, 'Museum', 'Europe/Berlin', 0, 1);
                INSERT INTO tickets (id, ticket_code, orq, product_id, order_id, created_at, updated_at)
                VALUES (7, 'TKT-2025-ABC123-DEF456', 1, 5, 456, 1700000000, 1700000000);
                """, to: "issue")
        }
        let store = try SQLiteReservationStore(path: folder.database)
        #expect(try store.ticket(TicketID(7 as Int64)!)?.status == .activated)
        let activated = try column("SELECT activated_at FROM tickets", on: store.connection)
        #expect(activated == ["1700000000"])
        #expect(try store.statistics().tickets == 1)
    }

    @Test("organizations from before the profiles keep what they are, as of their creation, and have nothing to show yet")
    func profiles() throws {
        try folder.write([])
        do {
            let connection = try Connection(path: folder.database)
            try SchemaUpgrade(path: folder.database, migrations: Migration.all.filter { $0.number <= 23 }).run(on: connection)
            try connection.execute(
                """
                INSERT INTO organizations VALUES (1, 'Museum', 'Europe/Berlin', 0, 1700000000), (2, 'Zoo', 'Asia/Taipei', 1, 1700000001);
                INSERT INTO reservation_slots (orq, date, start_time, end_time, total_capacity, created_at, updated_at)
                VALUES (2, '2025-11-14', '12:00:00', '14:00:00', 200, 1700000002, 1700000002);
                """, to: "fill")
            let version = try column("PRAGMA user_version", on: connection)
            #expect(version == ["23"])
        }
        let store = try SQLiteReservationStore(path: folder.database)
        let (one, two) = (OrganizationID(1 as Int64)!, OrganizationID(2 as Int64)!)
        #expect(
            try store.loadOrganizations() == [
                Organization(
                    id: one, name: "Museum", timeZone: "Europe/Berlin", allowsStarted: false, createdAt: Instant(seconds: 1_700_000_000)),
                Organization(
                    id: two, name: "Zoo", timeZone: "Asia/Taipei", allowsStarted: true, createdAt: Instant(seconds: 1_700_000_001)),
            ])
        #expect(try store.logo(of: one) == nil && store.logo(of: two) == nil)
        #expect(try store.allSlots().map(\.organization) == [two])
        #expect(try store.examine().allSatisfy(\.passed))
    }

    @Test("messages from before the leases keep their place and state, and are numbered without gaps", arguments: [false, true])
    func outbox(hasProfiles: Bool) throws {
        try folder.write([])
        do {
            let connection = try Connection(path: folder.database)
            let before = Migration.all.filter { $0.number < (hasProfiles ? 25 : 24) }
            try SchemaUpgrade(path: folder.database, migrations: before).run(on: connection)
            try connection.execute(
                """
                INSERT INTO organizations (id, name, time_zone, created_at) VALUES (1, 'Museum', 'Europe/Berlin', 1);
                INSERT INTO reservation_slots (id, orq, date, start_time, end_time, total_capacity, booked_count, created_at, updated_at)
                VALUES (1, 1, '2026-11-14', '12:00:00', '14:00:00', 200, 3, 1, 1);
                INSERT INTO tickets (id, ticket_code, orq, product_id, order_id, created_at, updated_at, status)
                SELECT value, 'TKT-2025-ABC123-DEF45' || value, 1, 5, 456, 1, 1, 'RESERVED' FROM json_each('[3, 5, 8]');
                INSERT INTO ticket_reservations (id, ticket_id, slot_id, customer_email, customer_phone, reserved_at, orq, created_at, updated_at)
                SELECT id * 10, id, 1, 'a@example.com', '+12025551234', 100, 1, 100, 100 FROM tickets;
                INSERT INTO outbox VALUES (30, 'CONFIRMATION', 'PENDING', 0, 100, 100, 100), (50, 'CONFIRMATION', 'SENT', 1, 100, 100, 150),
                    (80, 'CONFIRMATION', 'PENDING', 2, 900, 100, 200);
                """, to: "book")
        }
        let store = try SQLiteReservationStore(path: folder.database)
        let entries = try store.outboxEntries(OutboxQuery(limit: 10), now: Instant(seconds: 0)).entries
        #expect(entries.map(\.id.rawValue) == [1, 2, 3])
        #expect(entries.map(\.reservation.id.rawValue) == [30, 50, 80])
        #expect(entries.map(\.state) == [.queued, .sent, .queued])
        #expect(entries.map(\.dueAt?.seconds) == [100, nil, 900])
        #expect(entries.map(\.attempts) == [0, 1, 2])
        #expect(entries.allSatisfy { $0.reservation.language == .english && $0.kind == .email })
        let statistics = try store.statistics().outbox
        #expect(statistics == OutboxStatistics(pending: 2, sent: 1, failed: 0, oldest: Instant(seconds: 100)))
        #expect(try store.examine().filter { !$0.passed } == [])
    }

    @Test("a database of a newer version is refused and named so")
    func newer() throws {
        do { _ = try SQLiteReservationStore(path: folder.database) }
        try tamper(folder.database, "INSERT INTO schema_migrations VALUES (99, 'later', 1); PRAGMA user_version = 99")
        #expect(throws: StoreOpenError.newerSchema(folder.database, found: 99, known: 33)) {
            _ = try SQLiteReservationStore(path: folder.database)
        }
    }

    @Test(
        "a history that no version writes is refused",
        arguments: [
            "DELETE FROM schema_migrations WHERE number = 20", "UPDATE schema_migrations SET name = 'other' WHERE number = 19",
            "PRAGMA user_version = 24",
        ])
    func history(tampering: String) throws {
        do { _ = try SQLiteReservationStore(path: folder.database) }
        try tamper(folder.database, tampering)
        #expect {
            _ = try SQLiteReservationStore(path: folder.database)
        } throws: { error in
            guard case StoreOpenError.schemaHistory = error else { return false }
            return true
        }
    }

    @Test("a migration that fails half-way leaves nothing of itself and all of those before")
    func failing() throws {
        try folder.write([])
        let connection = try Connection(path: folder.database)
        let broken = Migration(number: 99, name: "broken", sql: "CREATE TABLE half (a); CREATE TABLE half (b);")
        #expect {
            try SchemaUpgrade(path: folder.database, migrations: Migration.all + [broken]).run(on: connection)
        } throws: { error in
            guard case StoreOpenError.migrationFailed(folder.database, migration: "99 broken", _) = error else { return false }
            return true
        }
        let half = try column("SELECT name FROM sqlite_schema WHERE name = 'half'", on: connection)
        let version = try column("PRAGMA user_version", on: connection)
        let isInTransaction = connection.isInTransaction
        #expect(half.isEmpty)
        #expect(version == ["33"])
        #expect(!isInTransaction)
    }
}
