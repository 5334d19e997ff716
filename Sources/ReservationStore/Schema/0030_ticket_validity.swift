extension Migration {
    /// The last day on which a ticket is valid, and who ended it when that was over.
    ///
    /// The index holds only tickets that can still expire and have such a day: a booking of any other ticket writes nothing for it. The
    /// history's own column tells what the daemon did of itself: `role` cannot, since its check was made for those who ask.
    static let ticketValidity = Migration(
        number: 30, name: "ticket_validity",
        sql: """
            ALTER TABLE tickets ADD COLUMN valid_until INTEGER CHECK (valid_until BETWEEN 0 AND 1000000);
            CREATE INDEX tickets_that_expire ON tickets (orq, valid_until)
                WHERE valid_until IS NOT NULL AND (status = 'ACTIVATED' OR status = 'PENDING_PAYMENT');
            ALTER TABLE history ADD COLUMN by_system INTEGER NOT NULL DEFAULT 0 CHECK (by_system = 0 OR by_system = 1);
            """)
}
