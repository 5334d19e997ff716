import ReservationCore

/// Statements on `ticket_reservations`.
struct ReservationTable: ~Copyable {
    private let insertion: Statement
    private let removal: Statement
    private let live: Statement
}

extension ReservationTable {
    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        self.init(
            insertion: try Statement(
                """
                INSERT INTO ticket_reservations
                    (ticket_id, slot_id, customer_email, customer_phone, reserved_at, orq, created_at, updated_at, language)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5, ?5, ?7)
                """, to: "store a reservation", on: connection),
            removal: try Statement("DELETE FROM ticket_reservations WHERE id = ?1", to: "take back a reservation", on: connection),
            live: try Statement(
                """
                SELECT id, slot_id, orq, customer_email, customer_phone, status, reserved_at, language
                FROM ticket_reservations WHERE ticket_id = ?1 AND status <> 'CANCELLED'
                """, to: "look for a ticket's reservation", on: connection))
    }

    /// The connection's last inserted row is its id.
    func insert(_ request: BookingRules.Request, now: Instant) throws(StorageFailure) {
        try insertion.bind(request.ticket.rawValue, at: 1)
        try insertion.bind(request.slot.rawValue, at: 2)
        try insertion.bind(request.contact.email.text, at: 3)
        try insertion.bind(request.contact.phone.text, at: 4)
        try insertion.bind(now.seconds, at: 5)
        try insertion.bind(request.organization.rawValue, at: 6)
        try insertion.bind(request.language.rawValue, at: 7)
        try insertion.run()
    }

    func remove(_ row: Int64) throws(StorageFailure) {
        try removal.bind(row, at: 1)
        try removal.run()
    }

    func live(of ticket: TicketID) throws(StorageFailure) -> Reservation? {
        defer { live.reset() }
        try live.bind(ticket.rawValue, at: 1)
        guard try live.step() else { return nil }
        guard let id = ReservationID(live.int(0)), let slot = SlotID(live.int(1)), let organization = OrganizationID(live.int(2)),
            let email = EmailAddress(live.text(3)), let phone = PhoneNumber(live.text(4), minimumDigits: 2),
            let status = ReservationStatus(rawValue: live.text(5)), let language = Language(rawValue: live.text(7))
        else { throw .unreadable("reservation", live.int(0)) }
        return Reservation(
            id: id, ticket: ticket, slot: slot, organization: organization, email: email, phone: phone, status: status,
            reservedAt: Instant(seconds: live.int(6)), language: language)
    }
}
