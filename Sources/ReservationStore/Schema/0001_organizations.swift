extension Migration {
    /// The tenants. Dates are TEXT `YYYY-MM-DD`, times TEXT `HH:MM:SS`, instants INTEGER Unix seconds, here and in every later step.
    static let organizations = Migration(
        number: 1, name: "organizations",
        sql: """
            CREATE TABLE organizations (
                id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 9007199254740991),
                name TEXT NOT NULL CHECK (length(CAST(name AS BLOB)) <= 200),
                time_zone TEXT NOT NULL CHECK (length(time_zone) BETWEEN 1 AND 100),
                allows_started INTEGER NOT NULL DEFAULT 0 CHECK (allows_started = 0 OR allows_started = 1),
                created_at INTEGER NOT NULL
            ) STRICT;
            """)
}
