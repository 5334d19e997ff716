import ReservationCore

/// Statements on `ticket_reservations` and on the confirmations that belong to them.
struct ReservationTable: ~Copyable {
    private let insertion: Statement
    private let removal: Statement
    private let live: Statement
    private let confirmation: Statement
}

extension ReservationTable {
    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        self.init(
            insertion: try Statement(
                """
                INSERT INTO ticket_reservations
                    (ticket_id, slot_id, customer_email, customer_phone, reserved_at, orq, created_at, updated_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5, ?5)
                """, to: "store a reservation", on: connection),
            removal: try Statement("DELETE FROM ticket_reservations WHERE id = ?1", to: "take back a reservation", on: connection),
            live: try Statement(
                """
                SELECT id, slot_id, orq, customer_email, customer_phone, status, reserved_at
                FROM ticket_reservations WHERE ticket_id = ?1 AND status <> 'CANCELLED'
                """, to: "look for a ticket's reservation", on: connection),
            confirmation: try Statement(
                """
                INSERT INTO outbox (reservation_id, kind, state, next_attempt_at, created_at, updated_at)
                VALUES (?1, 'CONFIRMATION', 'PENDING', ?2, ?2, ?2)
                """, to: "queue a confirmation", on: connection))
    }

    /// The connection's last inserted row is its id.
    func insert(_ request: BookingRules.Request, now: Instant) throws(StorageFailure) {
        try insertion.bind(request.ticket.rawValue, at: 1)
        try insertion.bind(request.slot.rawValue, at: 2)
        try insertion.bind(request.contact.email.text, at: 3)
        try insertion.bind(request.contact.phone.text, at: 4)
        try insertion.bind(now.seconds, at: 5)
        try insertion.bind(request.organization.rawValue, at: 6)
        try insertion.run()
    }

    func remove(_ row: Int64) throws(StorageFailure) {
        try removal.bind(row, at: 1)
        try removal.run()
    }

    func queueConfirmation(of row: Int64, now: Instant) throws(StorageFailure) {
        try confirmation.bind(row, at: 1)
        try confirmation.bind(now.seconds, at: 2)
        try confirmation.run()
    }

    func live(of ticket: TicketID) throws(StorageFailure) -> Reservation? {
        defer { live.reset() }
        try live.bind(ticket.rawValue, at: 1)
        guard try live.step() else { return nil }
        guard let id = ReservationID(live.int(0)), let slot = SlotID(live.int(1)), let organization = OrganizationID(live.int(2)),
            let email = EmailAddress(live.text(3)), let phone = PhoneNumber(live.text(4), minimumDigits: 2),
            let status = ReservationStatus(rawValue: live.text(5))
        else { throw .unreadable("reservation", live.int(0)) }
        return Reservation(
            id: id, ticket: ticket, slot: slot, organization: organization, email: email, phone: phone, status: status,
            reservedAt: Instant(seconds: live.int(6)))
    }
}
