extension Migration {
    /// The card's own migration: a ticket's life cycle, and the reservations (card, section 6).
    ///
    /// Where it departs from the card:
    /// - Tickets that were there before become ACTIVATED, as the card wants; its own `WHERE status IS NULL` would match none of them,
    ///   since the column's default is in place by then.
    /// - No `qr_code`: the picture follows from the ticket code, and storing it would double the database.
    /// - No `idx_status`, `idx_orq` or `idx_customer_email`: nothing that the program asks uses them, and each costs every booking a
    ///   random page in the log.
    /// - `unique_ticket_reservation` holds for live reservations only, so that a cancelled one can be followed by another. SQLite does
    ///   not use partial indexes for foreign keys, so deleting a ticket reads the whole table; nothing does so while it serves.
    /// - The index by slot is partial as well: it exists to count live reservations at start (`counterMismatches`).
    static let ticketReservations = Migration(
        number: 21, name: "ticket_reservations",
        sql: """
            ALTER TABLE tickets ADD COLUMN status TEXT NOT NULL DEFAULT 'PENDING_PAYMENT'
                CHECK (status = 'PENDING_PAYMENT' OR status = 'ACTIVATED' OR status = 'RESERVED' OR status = 'VERIFIED' OR status = 'EXPIRED');
            ALTER TABLE tickets ADD COLUMN customer_email TEXT CHECK (length(customer_email) <= 255);
            ALTER TABLE tickets ADD COLUMN customer_phone TEXT CHECK (length(customer_phone) <= 20);
            ALTER TABLE tickets ADD COLUMN reserved_at INTEGER;
            ALTER TABLE tickets ADD COLUMN verified_at INTEGER;
            ALTER TABLE tickets ADD COLUMN verified_by INTEGER;
            UPDATE tickets SET status = 'ACTIVATED', activated_at = created_at;

            CREATE TABLE ticket_reservations (
                id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 9007199254740991),
                ticket_id INTEGER NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
                slot_id INTEGER NOT NULL REFERENCES reservation_slots (id),
                customer_email TEXT NOT NULL CHECK (length(customer_email) BETWEEN 1 AND 255),
                customer_phone TEXT NOT NULL CHECK (length(customer_phone) BETWEEN 1 AND 20),
                reserved_at INTEGER NOT NULL,
                status TEXT NOT NULL DEFAULT 'RESERVED' CHECK (status = 'RESERVED' OR status = 'CANCELLED' OR status = 'VERIFIED'),
                orq INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL
            ) STRICT;
            CREATE UNIQUE INDEX live_reservation_of_ticket ON ticket_reservations (ticket_id) WHERE status <> 'CANCELLED';
            CREATE INDEX live_reservations_of_slot ON ticket_reservations (slot_id) WHERE status <> 'CANCELLED';
            """)
}
