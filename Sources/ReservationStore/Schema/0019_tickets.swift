extension Migration {
    /// Tickets as the issuing side knows them.
    ///
    /// The id is the rowid: random 53-bit integers are spread over the table, so one lookup is one descent and no index stands between.
    /// The UNIQUE index begins with the code so that it also finds a code of whatever organisation.
    ///
    /// `row_counts` is kept by triggers because `count(*)` reads the whole table, a second at 10^6 tickets on the thread that books.
    static let tickets = Migration(
        number: 19, name: "tickets",
        sql: """
            CREATE TABLE tickets (
                id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 9007199254740991),
                ticket_code TEXT NOT NULL CHECK (length(ticket_code) = 22 AND ticket_code GLOB
                    'TKT-[0-9][0-9][0-9][0-9]-[A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9]-*'),
                orq INTEGER NOT NULL REFERENCES organizations (id),
                product_id INTEGER NOT NULL,
                order_id INTEGER NOT NULL,
                activated_at INTEGER,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                UNIQUE (ticket_code, orq)
            ) STRICT;

            CREATE TABLE row_counts (
                table_name TEXT PRIMARY KEY,
                row_count INTEGER NOT NULL CHECK (row_count >= 0)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO row_counts (table_name, row_count) VALUES ('tickets', 0);

            CREATE TRIGGER tickets_counted_in AFTER INSERT ON tickets BEGIN
                UPDATE row_counts SET row_count = row_count + 1 WHERE table_name = 'tickets';
            END;
            CREATE TRIGGER tickets_counted_out AFTER DELETE ON tickets BEGIN
                UPDATE row_counts SET row_count = row_count - 1 WHERE table_name = 'tickets';
            END;
            """)
}
