extension Migration {
    /// Who did what and when.
    ///
    /// Only ever appended to: the triggers hold even against a defect of ours. It refers to nothing by foreign key, since it outlives what
    /// it tells of, and says nothing of customers, so that nothing need ever be taken out. A booking writes nothing here.
    static let history = Migration(
        number: 28, name: "history",
        sql: """
            CREATE TABLE history (
                id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 9007199254740991),
                at INTEGER NOT NULL,
                action TEXT NOT NULL CHECK (length(action) BETWEEN 1 AND 40),
                role INTEGER NOT NULL CHECK (role BETWEEN 1 AND 3),
                uid INTEGER,
                operator INTEGER,
                orq INTEGER NOT NULL,
                ticket_id INTEGER,
                reservation_id INTEGER,
                slot_id INTEGER,
                previous_slot_id INTEGER,
                reason TEXT CHECK (length(reason) <= 200),
                detail TEXT CHECK (length(detail) <= 500)
            ) STRICT;
            CREATE INDEX history_of_ticket ON history (ticket_id) WHERE ticket_id IS NOT NULL;
            CREATE INDEX history_of_reservation ON history (reservation_id) WHERE reservation_id IS NOT NULL;
            CREATE INDEX history_of_slot ON history (slot_id) WHERE slot_id IS NOT NULL;
            CREATE INDEX history_of_previous_slot ON history (previous_slot_id) WHERE previous_slot_id IS NOT NULL;

            CREATE TRIGGER history_is_not_changed BEFORE UPDATE ON history BEGIN
                SELECT RAISE(ABORT, 'the history is only appended to');
            END;
            CREATE TRIGGER history_is_not_removed BEFORE DELETE ON history BEGIN
                SELECT RAISE(ABORT, 'the history is only appended to');
            END;
            """)
}
