import ReservationCore

/// What ``SQLiteReservationStore/statistics()`` asks.
struct SizeStatements: ~Copyable {
    private let tickets: Statement
    private let outbox: Statement
    private let pages: Statement
    private let pageBytes: Statement
}

extension SizeStatements {
    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        self.init(
            tickets: try Statement(
                "SELECT row_count FROM row_counts WHERE table_name = 'tickets'", to: "count the tickets", on: connection),
            outbox: try Statement(
                """
                SELECT coalesce((SELECT max(id) FROM outbox), 0) - sent - failed - cancelled, sent, failed,
                    (SELECT queued_at FROM outbox WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1),
                    (SELECT min(queued_at) FROM outbox WHERE due_at IS NOT NULL AND attempts > 0)
                FROM outbox_totals
                """, to: "count the messages to be sent", on: connection),
            pages: try Statement("PRAGMA page_count", to: "measure the database", on: connection),
            pageBytes: try Statement("PRAGMA page_size", to: "measure the database", on: connection))
    }

    func read() throws(StorageFailure) -> StorageStatistics {
        StorageStatistics(
            tickets: try Self.number(tickets), outbox: try readOutbox(),
            databaseBytes: try Self.number(pages) * (try Self.number(pageBytes)))
    }

    /// What was never tried is due since it was queued, so the oldest of all is either the first that is due or one that was tried.
    private func readOutbox() throws(StorageFailure) -> OutboxStatistics {
        defer { outbox.reset() }
        guard try outbox.step() else { throw .defect("The table outbox_totals has lost its row") }
        let oldest = [3, 4].filter { !outbox.isNull($0) }.map { outbox.int($0) }.min()
        return OutboxStatistics(
            pending: Int(outbox.int(0)), sent: Int(outbox.int(1)), failed: Int(outbox.int(2)), oldest: oldest.map { Instant(seconds: $0) })
    }

    private static func number(_ statement: borrowing Statement) throws(StorageFailure) -> Int {
        defer { statement.reset() }
        return try statement.step() ? Int(statement.int(0)) : 0
    }
}
