import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Upkeep")
struct UpkeepTests {
    let folder: TemporaryFolder
    let store: SQLiteReservationStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteReservationStore(path: folder.database)
        try store.furnish(tickets: 500)
    }

    @Test("the log is moved into the database when it has grown beyond the limit, not before")
    func checkpoint() throws {
        let pages = store.connection.pagesInLog
        #expect(pages > 0)
        let before = folder.size()
        store.checkpoint(ifLogExceeds: pages)
        #expect(store.connection.pagesInLog == pages)
        #expect(folder.size() == before)
        store.checkpoint(ifLogExceeds: pages - 1)
        #expect(store.connection.pagesInLog == 0)
        #expect(folder.size() > before)
        #expect(store.checkpointFailure == nil)
        let log = folder.size("reservations.sqlite-wal")
        _ = try store.book(ticket: 1)
        #expect(store.connection.pagesInLog < pages)
        // The log begins anew in the same blocks.
        #expect(folder.size("reservations.sqlite-wal") == log)
    }

    @Test("no checkpoint happens inside a batch")
    func notInsideBatch() throws {
        let pages = store.connection.pagesInLog
        try store.begin()
        store.checkpoint(ifLogExceeds: 0)
        #expect(store.connection.pagesInLog == pages)
        store.rollback()
        store.checkpoint(ifLogExceeds: 0)
        #expect(store.connection.pagesInLog == 0)
    }

    @Test("statistics count tickets, messages to be sent and the database's bytes")
    func statistics() throws {
        _ = try store.book(ticket: 1)
        _ = try store.book(ticket: 2)
        try store.connection.execute("UPDATE outbox SET state = 'SENT', due_at = NULL WHERE reservation_id = 1", to: "send")
        let statistics = try store.statistics()
        #expect(statistics.tickets == 500)
        #expect(statistics.outbox == OutboxStatistics(pending: 1, sent: 1, failed: 0, oldest: Samples.now))
        store.checkpoint(ifLogExceeds: 0)
        #expect(statistics.databaseBytes == folder.size())
    }

    @Test("the questions of a booking use an index each, never a scan of a table")
    func plans() throws {
        let questions = [
            "SELECT * FROM tickets WHERE id = ?1", "SELECT * FROM tickets WHERE ticket_code = ?1 AND orq = ?2",
            "SELECT * FROM tickets WHERE ticket_code = ?1 ORDER BY orq",
            "SELECT * FROM ticket_reservations WHERE ticket_id = ?1 AND status <> 'CANCELLED'",
            "SELECT * FROM idempotency_records WHERE role = ?1 AND orq = ?2 AND key = ?3",
            "SELECT due_at FROM outbox WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1",
            "SELECT * FROM outbox WHERE due_at <= ?1 ORDER BY due_at, id LIMIT ?2",
            "SELECT min(queued_at) FROM outbox WHERE due_at IS NOT NULL AND attempts > 0", "SELECT max(id) FROM outbox",
        ]
        for question in questions {
            let plan = try Statement("EXPLAIN QUERY PLAN \(question)", to: "explain", on: store.connection)
            defer { plan.reset() }
            while try plan.step() {
                let detail = plan.text(3)
                #expect(detail.hasPrefix("SEARCH") || detail.contains("USING COVERING INDEX outbox_"), "\(question): \(detail)")
            }
        }
    }
}
