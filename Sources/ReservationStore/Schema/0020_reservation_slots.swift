extension Migration {
    /// The counted places. The CHECKs say once more what the rules in memory keep: no oversell, and FULL exactly when no place is left
    /// (a CLOSED slot may be either).
    static let reservationSlots = Migration(
        number: 20, name: "reservation_slots",
        sql: """
            CREATE TABLE reservation_slots (
                id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 9007199254740991),
                orq INTEGER NOT NULL REFERENCES organizations (id),
                date TEXT NOT NULL CHECK (date IS date(date)),
                start_time TEXT NOT NULL CHECK (start_time IS time(start_time)),
                end_time TEXT NOT NULL CHECK (end_time IS time(end_time)),
                total_capacity INTEGER NOT NULL CHECK (total_capacity BETWEEN 1 AND 1000000),
                booked_count INTEGER NOT NULL DEFAULT 0 CHECK (booked_count BETWEEN 0 AND total_capacity),
                status TEXT NOT NULL DEFAULT 'ACTIVE' CHECK (status = 'ACTIVE' OR status = 'FULL' OR status = 'CLOSED'),
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                UNIQUE (orq, date, start_time),
                CHECK (status = 'CLOSED' OR (status = 'FULL') = (booked_count = total_capacity))
            ) STRICT;
            """)
}
