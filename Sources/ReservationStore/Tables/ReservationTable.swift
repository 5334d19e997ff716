import ReservationCore

/// Statements on `ticket_reservations`.
struct ReservationTable: ~Copyable {
    private let insertion: Statement
    private let removal: Statement
    private let live: Statement
    private let one: Statement
    private let cancelled: Statement
    private let change: Statement
}

extension ReservationTable {
    static let columns = "id, slot_id, orq, customer_email, customer_phone, status, reserved_at, language, sequence, ticket_id"

    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        let columns = Self.columns
        self.init(
            insertion: try Statement(
                """
                INSERT INTO ticket_reservations
                    (ticket_id, slot_id, customer_email, customer_phone, reserved_at, orq, created_at, updated_at, language)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5, ?5, ?7)
                """, to: "store a reservation", on: connection),
            removal: try Statement("DELETE FROM ticket_reservations WHERE id = ?1", to: "take back a reservation", on: connection),
            live: try Statement(
                "SELECT \(columns) FROM ticket_reservations WHERE ticket_id = ?1 AND status <> 'CANCELLED'",
                to: "look for a ticket's reservation", on: connection),
            one: try Statement("SELECT \(columns) FROM ticket_reservations WHERE id = ?1", to: "read a reservation", on: connection),
            cancelled: try Statement(
                "SELECT \(columns) FROM ticket_reservations WHERE ticket_id = ?1 AND status = 'CANCELLED' ORDER BY id DESC LIMIT 1",
                to: "look for a ticket's cancelled reservation", on: connection),
            change: try Statement(
                """
                UPDATE ticket_reservations SET status = ?2, slot_id = ?3, sequence = ?4, updated_at = ?5 WHERE id = ?1 AND status = 'RESERVED'
                """, to: "change a reservation", on: connection))
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
        try Self.first(of: live, for: ticket.rawValue)
    }

    func find(_ id: ReservationID) throws(StorageFailure) -> Reservation? {
        try Self.first(of: one, for: id.rawValue)
    }

    /// The latest of them.
    func cancelled(of ticket: TicketID) throws(StorageFailure) -> Reservation? {
        try Self.first(of: cancelled, for: ticket.rawValue)
    }

    /// Slot, sequence and status of one that is RESERVED; the connection's count of changes tells whether it was.
    func change(_ reservation: Reservation, to status: ReservationStatus, now: Instant) throws(StorageFailure) {
        try change.bind(reservation.id.rawValue, at: 1)
        try change.bind(status.rawValue, at: 2)
        try change.bind(reservation.slot.rawValue, at: 3)
        try change.bind(Int64(reservation.sequence), at: 4)
        try change.bind(now.seconds, at: 5)
        try change.run()
    }

    private static func first(of row: borrowing Statement, for key: Int64) throws(StorageFailure) -> Reservation? {
        defer { row.reset() }
        try row.bind(key, at: 1)
        guard try row.step() else { return nil }
        return try reservation(row)
    }

    /// - Parameter row: begins with ``columns``.
    static func reservation(_ row: borrowing Statement) throws(StorageFailure) -> Reservation {
        guard let id = ReservationID(row.int(0)), let slot = SlotID(row.int(1)), let organization = OrganizationID(row.int(2)),
            let email = EmailAddress(row.text(3)), let phone = PhoneNumber(row.text(4), minimumDigits: 2),
            let status = ReservationStatus(rawValue: row.text(5)), let language = Language(rawValue: row.text(7)),
            let ticket = TicketID(row.int(9))
        else { throw .unreadable("reservation", row.int(0)) }
        return Reservation(
            id: id, ticket: ticket, slot: slot, organization: organization, email: email, phone: phone, status: status,
            reservedAt: Instant(seconds: row.int(6)), language: language, sequence: Int(row.int(8)))
    }
}
