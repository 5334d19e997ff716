extension Migration {
    /// Messages to be sent, written with what they tell of.
    ///
    /// Keyed by the reservation, so that there is never a second confirmation for it, and appended to in order; the index holds
    /// only what is still to be sent, soonest first. It repeats the state because counting by it would otherwise visit every row.
    static let outbox = Migration(
        number: 23, name: "outbox",
        sql: """
            CREATE TABLE outbox (
                reservation_id INTEGER NOT NULL REFERENCES ticket_reservations (id) ON DELETE CASCADE,
                kind TEXT NOT NULL CHECK (kind = 'CONFIRMATION'),
                state TEXT NOT NULL CHECK (state = 'PENDING' OR state = 'SENT' OR state = 'FAILED'),
                attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
                next_attempt_at INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                PRIMARY KEY (reservation_id, kind)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX outbox_due ON outbox (next_attempt_at, state) WHERE state = 'PENDING';
            """)
}
