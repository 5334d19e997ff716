extension Migration {
    /// Finds all reservations of a slot, live or not: to list them, and to tell whether anything refers to a slot that is to go.
    ///
    /// An index of all in place of one of the live ones costs a booking nothing: it adds one entry of the same size as before. Foreign keys use
    /// it too, as they do not use partial ones. What is live is counted by subtraction, so that no index must hold the status.
    static let reservationsOfSlot = Migration(
        number: 32, name: "reservations_of_slot",
        sql: """
            DROP INDEX live_reservations_of_slot;
            CREATE INDEX reservations_of_slot ON ticket_reservations (slot_id);
            CREATE INDEX cancelled_reservations_of_slot ON ticket_reservations (slot_id) WHERE status = 'CANCELLED';
            """)
}
