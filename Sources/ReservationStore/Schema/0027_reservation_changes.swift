extension Migration {
    /// Reservations that are cancelled and moved, and the messages that say so.
    ///
    /// A booking pays for this with one short entry of `outbox_unsent_of_reservation`, at its end: its message must be found when it is to
    /// be taken back. That index holds only what is still to be sent. `purpose` is NULL for a confirmation, so that its row stays short.
    /// No booking touches the index of cancelled reservations, by which a cancellation that is repeated finds what it did.
    static let reservationChanges = Migration(
        number: 27, name: "reservation_changes",
        sql: """
            ALTER TABLE ticket_reservations ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0 CHECK (sequence >= 0);
            CREATE INDEX cancelled_reservations_of_ticket ON ticket_reservations (ticket_id) WHERE status = 'CANCELLED';

            ALTER TABLE outbox ADD COLUMN purpose TEXT CHECK (purpose = 'CANCELLATION' OR purpose = 'CHANGE');
            CREATE INDEX outbox_unsent_of_reservation ON outbox (reservation_id) WHERE due_at IS NOT NULL;
            """)
}
