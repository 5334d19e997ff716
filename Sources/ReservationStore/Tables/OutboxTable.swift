import ReservationCore

/// Statements on `outbox`.
struct OutboxTable: ~Copyable {
    private let due: Statement
    private let earliest: Statement
    private let one: Statement
    private let page: Statement
    private let first: Statement
    private let change: Statement
    private let confirmation: Statement
    private let notice: Statement
    private let message: Statement
    private let unsent: Statement
    private let live: Statement
    private let stretch: Statement
    private let removal: Statement
}

extension OutboxTable {
    /// How many entries one page looks through, so that nobody's booking waits for a search among a million.
    static let examinedPerPage: Int64 = 5_000

    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        // CROSS JOIN keeps the order: the few entries first, then what belongs to each.
        let entries = """
            SELECT o.id, o.kind, o.state, o.attempts, o.lease, o.due_at, o.last_error, o.provider_id, o.created_at, o.queued_at, o.updated_at,
                r.id, r.ticket_id, r.slot_id, r.orq, r.customer_email, r.customer_phone, r.status, r.reserved_at, r.language, t.ticket_code,
                o.purpose, r.sequence, o.request_id
            FROM outbox AS o CROSS JOIN ticket_reservations AS r ON r.id = o.reservation_id CROSS JOIN tickets AS t ON t.id = r.ticket_id
            """
        self.init(
            due: try Statement(
                "\(entries) WHERE o.due_at <= ?1 ORDER BY o.due_at, o.id LIMIT ?2", to: "look for messages that are due", on: connection),
            earliest: try Statement(
                "SELECT due_at FROM outbox WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1",
                to: "look for the next message", on: connection),
            one: try Statement("\(entries) WHERE o.id = ?1", to: "read a message of the outbox", on: connection),
            page: try Statement(
                """
                \(entries)
                WHERE o.id BETWEEN ?1 AND ?2 AND (?3 IS NULL OR r.orq = ?3)
                    AND (?4 IS NULL OR ?4 = CASE WHEN o.state = 'LEASED' AND o.due_at <= ?5 THEN 'QUEUED' ELSE o.state END)
                    AND (?7 IS NULL OR r.customer_email = ?7 COLLATE NOCASE) AND (?8 IS NULL OR r.customer_phone = ?8)
                ORDER BY o.id LIMIT ?6
                """, to: "list the outbox", on: connection),
            first: try Statement(
                "SELECT id, (SELECT max(id) FROM outbox) FROM outbox WHERE id > ?1 ORDER BY id LIMIT 1", to: "list the outbox",
                on: connection),
            change: try Statement(
                """
                UPDATE outbox SET state = ?2, attempts = ?3, lease = ?4, due_at = ?5, last_error = ?6, provider_id = ?7, queued_at = ?8,
                    updated_at = ?9
                WHERE id = ?1
                """, to: "update a message of the outbox", on: connection),
            confirmation: try Statement(
                "INSERT INTO outbox (reservation_id, due_at, created_at, queued_at, updated_at, request_id) VALUES (?1, ?2, ?2, ?2, ?2, ?3)",
                to: "queue a confirmation", on: connection),
            notice: try Statement(
                """
                INSERT INTO outbox (reservation_id, kind, due_at, created_at, queued_at, updated_at, request_id)
                VALUES (?1, 'SMS', ?2, ?2, ?2, ?2, ?3)
                """, to: "queue a notice", on: connection),
            message: try Statement(
                """
                INSERT INTO outbox (reservation_id, due_at, created_at, queued_at, updated_at, purpose) VALUES (?1, ?2, ?2, ?2, ?2, ?3)
                """, to: "queue a message", on: connection),
            unsent: try Statement(
                "\(entries) WHERE o.due_at IS NOT NULL AND o.reservation_id = ?1 ORDER BY o.id", to: "look for messages of a reservation",
                on: connection),
            live: try Statement(
                "SELECT 1 FROM ticket_reservations WHERE id = ?1 AND status <> 'CANCELLED'", to: "look for a reservation", on: connection),
            stretch: try Statement(
                """
                SELECT count(*), max(id) FROM (SELECT id, created_at FROM outbox WHERE id > ?1 ORDER BY id LIMIT ?2) WHERE created_at < ?3
                """, to: "look for old messages", on: connection),
            removal: try Statement(
                """
                DELETE FROM outbox WHERE id > ?1 AND id <= ?2 AND (state = 'SENT' OR state = 'CANCELLED') AND updated_at < ?3
                    AND created_at < ?3 AND id < (SELECT max(id) FROM outbox)
                """, to: "forget old messages", on: connection))
    }

    // MARK: reading

    func due(at now: Instant, limit: Int) throws(StorageFailure) -> [OutboxEntry] {
        defer { due.reset() }
        try due.bind(now.seconds, at: 1)
        try due.bind(Int64(limit), at: 2)
        var entries: [OutboxEntry] = []
        while try due.step() { entries.append(try Self.entry(due)) }
        return entries
    }

    func nextDue() throws(StorageFailure) -> Instant? {
        defer { earliest.reset() }
        return try earliest.step() ? Instant(seconds: earliest.int(0)) : nil
    }

    func find(_ id: OutboxID) throws(StorageFailure) -> OutboxEntry? {
        defer { one.reset() }
        try one.bind(id.rawValue, at: 1)
        return try one.step() ? try Self.entry(one) : nil
    }

    func page(_ query: OutboxQuery, now: Instant) throws(StorageFailure) -> OutboxPage {
        guard let (first, last) = try bounds(behind: query.after) else { return OutboxPage(entries: []) }
        let end = first + Self.examinedPerPage - 1
        defer { page.reset() }
        try page.bind(first, at: 1)
        try page.bind(end, at: 2)
        try page.bind(query.organization?.rawValue, at: 3)
        try page.bind(query.state?.rawValue, at: 4)
        try page.bind(now.seconds, at: 5)
        try page.bind(Int64(query.limit) + 1, at: 6)
        if case .email(let address)? = query.person { try page.bind(address.text, at: 7) } else { try page.bind(String?.none, at: 7) }
        if case .phone(let number)? = query.person { try page.bind(number.text, at: 8) } else { try page.bind(String?.none, at: 8) }
        var entries: [OutboxEntry] = []
        while try page.step() {
            if entries.count == query.limit { return OutboxPage(entries: entries, next: entries.last?.id) }
            entries.append(try Self.entry(page))
        }
        return OutboxPage(entries: entries, next: end < last ? OutboxID(end) : nil)
    }

    /// - Returns: the first id behind the given one, and the last of all.
    private func bounds(behind id: OutboxID?) throws(StorageFailure) -> (first: Int64, last: Int64)? {
        defer { first.reset() }
        try first.bind(id?.rawValue ?? 0, at: 1)
        return try first.step() ? (first.int(0), first.int(1)) : nil
    }

    func unsent(of reservation: ReservationID) throws(StorageFailure) -> [OutboxEntry] {
        defer { unsent.reset() }
        try unsent.bind(reservation.rawValue, at: 1)
        var entries: [OutboxEntry] = []
        while try unsent.step() { entries.append(try Self.entry(unsent)) }
        return entries
    }

    func isLive(_ reservation: ReservationID) throws(StorageFailure) -> Bool {
        defer { live.reset() }
        try live.bind(reservation.rawValue, at: 1)
        return try live.step()
    }

    // MARK: writing

    /// The connection's last inserted row is its id.
    func queueConfirmation(of reservation: Int64, for name: RequestName?, now: Instant) throws(StorageFailure) {
        try confirmation.bind(reservation, at: 1)
        try confirmation.bind(now.seconds, at: 2)
        try confirmation.bind(name?.text, at: 3)
        try confirmation.run()
    }

    /// A short text to the telephone.
    func queueNotice(of reservation: Int64, for name: RequestName?, now: Instant) throws(StorageFailure) {
        try notice.bind(reservation, at: 1)
        try notice.bind(now.seconds, at: 2)
        try notice.bind(name?.text, at: 3)
        try notice.run()
    }

    func queue(_ purpose: MessagePurpose, of reservation: ReservationID, now: Instant) throws(StorageFailure) {
        try message.bind(reservation.rawValue, at: 1)
        try message.bind(now.seconds, at: 2)
        try message.bind(purpose == .confirmation ? nil : purpose.rawValue, at: 3)
        try message.run()
    }

    /// The connection's count of changes tells whether there is such an entry.
    func update(_ entry: OutboxEntry) throws(StorageFailure) {
        try change.bind(entry.id.rawValue, at: 1)
        try change.bind(entry.state.rawValue, at: 2)
        try change.bind(Int64(entry.attempts), at: 3)
        try change.bind(entry.lease, at: 4)
        try change.bind(entry.dueAt?.seconds, at: 5)
        try change.bind(entry.lastError, at: 6)
        try change.bind(entry.providerID, at: 7)
        try change.bind(entry.queuedAt.seconds, at: 8)
        try change.bind(entry.updatedAt.seconds, at: 9)
        try change.run()
    }

    func remove(behind id: OutboxID?, before instant: Instant, limit: Int) throws(StorageFailure) -> OutboxID? {
        let start = id?.rawValue ?? 0
        guard let (count, last) = try examined(behind: start, before: instant, limit: limit) else { return nil }
        try removal.bind(start, at: 1)
        try removal.bind(last, at: 2)
        try removal.bind(instant.seconds, at: 3)
        try removal.run()
        return count == limit ? OutboxID(last) : nil
    }

    private func examined(
        behind start: Int64, before instant: Instant, limit: Int
    ) throws(StorageFailure) -> (count: Int, last: Int64)? {
        defer { stretch.reset() }
        try stretch.bind(start, at: 1)
        try stretch.bind(Int64(limit), at: 2)
        try stretch.bind(instant.seconds, at: 3)
        guard try stretch.step(), !stretch.isNull(1) else { return nil }
        return (Int(stretch.int(0)), stretch.int(1))
    }

    private static func entry(_ row: borrowing Statement) throws(StorageFailure) -> OutboxEntry {
        guard let id = OutboxID(row.int(0)), let kind = MessageKind(rawValue: row.text(1)), let state = OutboxState(rawValue: row.text(2)),
            let reservation = ReservationID(row.int(11)), let ticket = TicketID(row.int(12)), let slot = SlotID(row.int(13)),
            let organization = OrganizationID(row.int(14)), let email = EmailAddress(row.text(15)),
            let phone = PhoneNumber(row.text(16), minimumDigits: 2), let status = ReservationStatus(rawValue: row.text(17)),
            let language = Language(rawValue: row.text(19)), let code = TicketCode(row.text(20)),
            let purpose = row.isNull(21) ? .confirmation : MessagePurpose(rawValue: row.text(21))
        else { throw .unreadable("message", row.int(0)) }
        return OutboxEntry(
            id: id, kind: kind, purpose: purpose,
            reservation: Reservation(
                id: reservation, ticket: ticket, slot: slot, organization: organization, email: email, phone: phone, status: status,
                reservedAt: Instant(seconds: row.int(18)), language: language, sequence: Int(row.int(22))),
            ticketCode: code, requestName: row.isNull(23) ? nil : RequestName(row.text(23)), state: state, attempts: Int(row.int(3)),
            lease: row.int(4),
            dueAt: row.isNull(5) ? nil : Instant(seconds: row.int(5)), lastError: row.isNull(6) ? nil : row.text(6),
            providerID: row.isNull(7) ? nil : row.text(7), createdAt: Instant(seconds: row.int(8)), queuedAt: Instant(seconds: row.int(9)),
            updatedAt: Instant(seconds: row.int(10)))
    }
}
