import ReservationCore

/// What ``SQLiteReservationStore/statistics()`` asks.
struct SizeStatements: ~Copyable {
    private let tickets: Statement
    private let pending: Statement
    private let pages: Statement
    private let pageBytes: Statement
}

extension SizeStatements {
    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        self.init(
            tickets: try Statement(
                "SELECT row_count FROM row_counts WHERE table_name = 'tickets'", to: "count the tickets", on: connection),
            pending: try Statement(
                "SELECT count(*) FROM outbox WHERE state = 'PENDING'", to: "count the messages to be sent", on: connection),
            pages: try Statement("PRAGMA page_count", to: "measure the database", on: connection),
            pageBytes: try Statement("PRAGMA page_size", to: "measure the database", on: connection))
    }

    func read() throws(StorageFailure) -> StorageStatistics {
        StorageStatistics(
            tickets: try Self.number(tickets), pendingOutbox: try Self.number(pending),
            databaseBytes: try Self.number(pages) * (try Self.number(pageBytes)))
    }

    private static func number(_ statement: borrowing Statement) throws(StorageFailure) -> Int {
        defer { statement.reset() }
        return try statement.step() ? Int(statement.int(0)) : 0
    }
}
