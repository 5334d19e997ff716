import ReservationCore

/// Statements on `idempotency_records`.
struct IdempotencyTable: ~Copyable {
    private let lookup: Statement
    private let insertion: Statement
    private let sweep: Statement
}

extension IdempotencyTable {
    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        self.init(
            lookup: try Statement(
                "SELECT id, fingerprint, reply FROM idempotency_records WHERE role = ?1 AND orq = ?2 AND key = ?3",
                to: "look up an idempotency key", on: connection),
            insertion: try Statement(
                """
                INSERT INTO idempotency_records (role, orq, key, fingerprint, created_at, reply) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                """, to: "keep an answer under its idempotency key", on: connection),
            // The oldest rows only, whatever their number: a condition on the time alone would read the whole table.
            sweep: try Statement(
                """
                DELETE FROM idempotency_records WHERE id IN (
                    SELECT id FROM (SELECT id, created_at FROM idempotency_records ORDER BY id LIMIT ?2) WHERE created_at < ?1)
                """, to: "forget old idempotency keys", on: connection))
    }

    func find(_ key: IdempotencyKey) throws(StorageFailure) -> IdempotencyRecord? {
        defer { lookup.reset() }
        try bind(key, to: lookup)
        guard try lookup.step() else { return nil }
        guard let fingerprint = lookup.uint128(1) else { throw .unreadable("idempotency record", lookup.int(0)) }
        return IdempotencyRecord(fingerprint: fingerprint, reply: lookup.bytes(2))
    }

    func insert(_ record: IdempotencyRecord, under key: IdempotencyKey, now: Instant) throws(StorageFailure) {
        try bind(key, to: insertion)
        try insertion.bind(record.fingerprint, at: 4)
        try insertion.bind(now.seconds, at: 5)
        try insertion.bind(record.reply, at: 6)
        try insertion.run()
    }

    /// The connection's count of changes tells how many went.
    func remove(before instant: Instant, limit: Int) throws(StorageFailure) {
        try sweep.bind(instant.seconds, at: 1)
        // A negative LIMIT would mean none.
        try sweep.bind(Int64(max(0, limit)), at: 2)
        try sweep.run()
    }

    private func bind(_ key: IdempotencyKey, to statement: borrowing Statement) throws(StorageFailure) {
        try statement.bind(Int64(key.role.rawValue), at: 1)
        try statement.bind(key.organization.rawValue, at: 2)
        try statement.bind(key.value, at: 3)
    }
}
