extension Migration {
    /// Leases, attempts and outcomes of the messages, and the language in which a customer is written to.
    ///
    /// An entry gets an id of its own, since a confirmation may be sent again as another message. Ids rise by one with each entry, as the
    /// rowid does; the youngest entry is never removed, so none is given out twice. A booking appends one row here and one entry to
    /// `outbox_due`, near its end: what is due later is little. There is no index by reservation, which nothing asks while it serves.
    ///
    /// `due_at` is set as long as something is to be done: when the next attempt is due, or when a lease is over. So one short index
    /// answers both. `outbox_tried` holds only what was leased before; beside the first that is due it tells the oldest of all.
    ///
    /// `outbox_totals` counts what has ended, by triggers that a booking does not touch: ids without gaps make the rest a subtraction, and
    /// counting would read every entry that waits, 30 ms at 10^6. `forgotten_until` is when the youngest of the removed was queued.
    static let outboxDelivery = Migration(
        number: 25, name: "outbox_delivery",
        sql: """
            ALTER TABLE ticket_reservations ADD COLUMN language TEXT NOT NULL DEFAULT 'en'
                CHECK (language = 'en' OR language = 'de' OR language = 'es' OR language = 'fr');

            CREATE TABLE outbox_entries (
                id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 9007199254740991),
                reservation_id INTEGER NOT NULL REFERENCES ticket_reservations (id) ON DELETE CASCADE,
                kind TEXT NOT NULL DEFAULT 'EMAIL' CHECK (kind = 'EMAIL' OR kind = 'SMS'),
                state TEXT NOT NULL DEFAULT 'QUEUED'
                    CHECK (state = 'QUEUED' OR state = 'LEASED' OR state = 'SENT' OR state = 'FAILED' OR state = 'CANCELLED'),
                due_at INTEGER,
                attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
                lease INTEGER NOT NULL DEFAULT 0 CHECK (lease >= attempts),
                created_at INTEGER NOT NULL,
                queued_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                provider_id TEXT CHECK (length(provider_id) <= 200),
                last_error TEXT CHECK (length(last_error) <= 500),
                CHECK ((due_at IS NOT NULL) = (state = 'QUEUED' OR state = 'LEASED'))
            ) STRICT;
            INSERT INTO outbox_entries (reservation_id, state, due_at, attempts, lease, created_at, queued_at, updated_at)
                SELECT reservation_id, CASE state WHEN 'PENDING' THEN 'QUEUED' ELSE state END,
                    CASE state WHEN 'PENDING' THEN next_attempt_at END, attempts, attempts, created_at, created_at, updated_at
                FROM outbox ORDER BY reservation_id;
            DROP TABLE outbox;
            ALTER TABLE outbox_entries RENAME TO outbox;
            CREATE INDEX outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL;
            CREATE INDEX outbox_tried ON outbox (queued_at) WHERE due_at IS NOT NULL AND attempts > 0;

            CREATE TABLE outbox_totals (
                one INTEGER PRIMARY KEY CHECK (one = 1),
                sent INTEGER NOT NULL CHECK (sent >= 0),
                failed INTEGER NOT NULL CHECK (failed >= 0),
                cancelled INTEGER NOT NULL CHECK (cancelled >= 0),
                forgotten_until INTEGER NOT NULL
            ) STRICT;
            INSERT INTO outbox_totals (one, sent, failed, cancelled, forgotten_until)
                SELECT 1, total(state = 'SENT'), total(state = 'FAILED'), 0, 0 FROM outbox;

            CREATE TRIGGER outbox_ended AFTER UPDATE OF state ON outbox
            WHEN (old.due_at IS NULL OR new.due_at IS NULL) AND old.state <> new.state BEGIN
                UPDATE outbox_totals SET sent = sent + (new.state = 'SENT') - (old.state = 'SENT'),
                    failed = failed + (new.state = 'FAILED') - (old.state = 'FAILED'),
                    cancelled = cancelled + (new.state = 'CANCELLED') - (old.state = 'CANCELLED');
            END;
            CREATE TRIGGER outbox_forgotten AFTER DELETE ON outbox BEGIN
                UPDATE outbox_totals SET cancelled = cancelled + (old.due_at IS NOT NULL),
                    forgotten_until = max(forgotten_until, CASE WHEN old.due_at IS NULL THEN old.created_at ELSE 0 END);
            END;
            """)
}
