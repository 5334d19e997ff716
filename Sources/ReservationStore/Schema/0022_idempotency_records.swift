extension Migration {
    /// What was asked and answered under an idempotency key.
    ///
    /// The rowid rises with time, so that forgetting old records takes a short range from the table's low end; the keys are random,
    /// so only their small index is written all over. `created_at` stands before the reply: reading it must not follow the
    /// overflow pages of a long one.
    static let idempotencyRecords = Migration(
        number: 22, name: "idempotency_records",
        sql: """
            CREATE TABLE idempotency_records (
                id INTEGER PRIMARY KEY,
                role INTEGER NOT NULL CHECK (role BETWEEN 1 AND 3),
                orq INTEGER NOT NULL,
                key BLOB NOT NULL CHECK (length(key) = 16),
                fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 16),
                created_at INTEGER NOT NULL,
                reply BLOB NOT NULL
            ) STRICT;
            CREATE UNIQUE INDEX idempotency_record_of_key ON idempotency_records (role, orq, key);
            """)
}
