extension Migration {
    /// Contacts that are erased: when an organisation wants it, and the one change that the history suffers.
    ///
    /// A reason is a caller's words, which may name a person; who is erased is erased from there as well. The trigger lets nothing else
    /// through: all other columns stay, and the words become exactly those that say so.
    ///
    /// There is still no index on e-mail or phone: an erasure reads all rows in pages, a few times in a year; an index would cost every
    /// booking a random page in the log.
    static let personalData = Migration(
        number: 33, name: "personal_data",
        sql: """
            ALTER TABLE organizations ADD COLUMN retention_days INTEGER CHECK (retention_days BETWEEN 1 AND 36525);

            DROP TRIGGER history_is_not_changed;
            CREATE TRIGGER history_is_not_changed BEFORE UPDATE ON history
            WHEN NOT (old.reason IS NOT NULL AND new.reason IS '(erased)'
                AND new.id = old.id AND new.at = old.at AND new.action = old.action AND new.role = old.role AND new.uid IS old.uid
                AND new.operator IS old.operator AND new.orq = old.orq AND new.ticket_id IS old.ticket_id
                AND new.reservation_id IS old.reservation_id AND new.slot_id IS old.slot_id
                AND new.previous_slot_id IS old.previous_slot_id AND new.detail IS old.detail AND new.by_system = old.by_system)
            BEGIN
                SELECT RAISE(ABORT, 'the history is only appended to');
            END;
            """)
}
