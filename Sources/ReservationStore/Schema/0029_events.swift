extension Migration {
    /// What happened, for services that follow it; kept for some days.
    ///
    /// One row holds the events of one commit (at most ``EventTable/eventsPerRow``), packed: a booking under load costs a few bytes and
    /// not a row. `last` is the position of the row's last event. The row that is last of all is never removed, so that positions go on
    /// behind it.
    static let events = Migration(
        number: 29, name: "events",
        sql: """
            CREATE TABLE events (
                last INTEGER PRIMARY KEY CHECK (last BETWEEN 1 AND 9007199254740991),
                first INTEGER NOT NULL CHECK (first BETWEEN 1 AND last),
                at INTEGER NOT NULL,
                body BLOB NOT NULL
            ) STRICT;
            """)
}
