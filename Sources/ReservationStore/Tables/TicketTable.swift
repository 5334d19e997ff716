import ReservationCore

/// Statements on `tickets`.
struct TicketTable: ~Copyable {
    private let insertion: Statement
    private let byID: Statement
    private let byCode: Statement
    private let byCodeAnywhere: Statement
    private let listing: Statement
    private let reservation: Statement
    private let overdue: Statement
    private let life: LifeStatements
}

extension TicketTable {
    static let columns = "id, ticket_code, orq, product_id, order_id, status, created_at, updated_at, valid_until"

    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        let columns = Self.columns
        self.init(
            insertion: try Statement(
                """
                INSERT INTO tickets (\(columns), activated_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, CASE WHEN ?6 = 'ACTIVATED' THEN ?7 END)
                ON CONFLICT DO NOTHING
                """, to: "add a ticket", on: connection),
            byID: try Statement("SELECT \(columns) FROM tickets WHERE id = ?1", to: "read a ticket", on: connection),
            byCode: try Statement(
                "SELECT \(columns) FROM tickets WHERE ticket_code = ?1 AND orq = ?2", to: "look up a ticket code", on: connection),
            byCodeAnywhere: try Statement(
                "SELECT \(columns) FROM tickets WHERE ticket_code = ?1 ORDER BY orq", to: "look up a ticket code", on: connection),
            listing: try Statement(
                "SELECT \(columns) FROM tickets WHERE id > ?1 ORDER BY id LIMIT ?2", to: "list tickets", on: connection),
            reservation: try Statement(
                """
                UPDATE tickets SET status = 'RESERVED', customer_email = ?3, customer_phone = ?4, reserved_at = ?5, updated_at = ?5
                WHERE id = ?1 AND orq = ?2 AND status = 'ACTIVATED'
                """, to: "mark a ticket as reserved", on: connection),
            // The conditions are those of the index, word for word: only then does SQLite use it.
            overdue: try Statement(
                """
                SELECT \(columns) FROM tickets INDEXED BY tickets_that_expire
                WHERE orq = ?1 AND valid_until < ?2 AND valid_until IS NOT NULL AND (status = 'ACTIVATED' OR status = 'PENDING_PAYMENT')
                ORDER BY valid_until LIMIT ?3
                """, to: "look for tickets whose last day is over", on: connection),
            life: try LifeStatements(on: connection))
    }

    /// The connection's count of changes tells whether it was inserted.
    func insert(_ ticket: Ticket) throws(StorageFailure) {
        try insertion.bind(ticket.id.rawValue, at: 1)
        try insertion.bind(ticket.code.text, at: 2)
        try insertion.bind(ticket.organization.rawValue, at: 3)
        try insertion.bind(ticket.productID, at: 4)
        try insertion.bind(ticket.orderID, at: 5)
        try insertion.bind(ticket.status.rawValue, at: 6)
        try insertion.bind(ticket.createdAt.seconds, at: 7)
        try insertion.bind(ticket.updatedAt.seconds, at: 8)
        try insertion.bind(ticket.validUntil.map { Int64($0.dayNumber) }, at: 9)
        try insertion.run()
    }

    /// Sifted here and not by SQLite, which would go on looking until the page is full.
    func page(_ query: TicketQuery) throws(StorageFailure) -> TicketPage {
        defer { listing.reset() }
        try listing.bind(query.after?.rawValue ?? 0, at: 1)
        try listing.bind(Int64(query.examined) + 1, at: 2)
        var page = TicketPage(tickets: [])
        var (examined, last) = (0, Int64(0))
        while try listing.step() {
            guard examined < query.examined, page.tickets.count < query.limit else {
                page.next = TicketID(last)
                return page
            }
            examined += 1
            last = listing.int(0)
            guard query.organization.map({ $0.rawValue == listing.int(2) }) ?? true,
                query.status.map({ $0.rawValue == listing.text(5) }) ?? true
            else { continue }
            page.tickets.append(try Self.ticket(listing))
        }
        return page
    }

    func find(_ id: TicketID) throws(StorageFailure) -> Ticket? {
        defer { byID.reset() }
        try byID.bind(id.rawValue, at: 1)
        return try byID.step() ? try Self.ticket(byID) : nil
    }

    func find(_ code: TicketCode, in organization: OrganizationID) throws(StorageFailure) -> Ticket? {
        defer { byCode.reset() }
        try byCode.bind(code.text, at: 1)
        try byCode.bind(organization.rawValue, at: 2)
        return try byCode.step() ? try Self.ticket(byCode) : nil
    }

    func all(_ code: TicketCode) throws(StorageFailure) -> [Ticket] {
        defer { byCodeAnywhere.reset() }
        try byCodeAnywhere.bind(code.text, at: 1)
        var tickets: [Ticket] = []
        while try byCodeAnywhere.step() { tickets.append(try Self.ticket(byCodeAnywhere)) }
        return tickets
    }

    func overdue(in organization: OrganizationID, on day: CalendarDate, limit: Int) throws(StorageFailure) -> [Ticket] {
        defer { overdue.reset() }
        try overdue.bind(organization.rawValue, at: 1)
        try overdue.bind(Int64(day.dayNumber), at: 2)
        try overdue.bind(Int64(max(0, limit)), at: 3)
        var tickets: [Ticket] = []
        while try overdue.step() { tickets.append(try Self.ticket(overdue)) }
        return tickets
    }

    /// Only from ACTIVATED, and only in the request's organisation; the connection's count of changes tells whether it was so.
    func reserve(_ request: BookingRules.Request, now: Instant) throws(StorageFailure) {
        try reservation.bind(request.ticket.rawValue, at: 1)
        try reservation.bind(request.organization.rawValue, at: 2)
        try reservation.bind(request.contact.email.text, at: 3)
        try reservation.bind(request.contact.phone.text, at: 4)
        try reservation.bind(now.seconds, at: 5)
        try reservation.run()
    }

    func verification(of ticket: TicketID) throws(StorageFailure) -> Verification { try life.verification(of: ticket) }

    func setStatus(_ status: TicketStatus, of ticket: TicketID, now: Instant) throws(StorageFailure) {
        try life.setStatus(status, of: ticket, now: now)
    }

    func verify(_ ticket: TicketID, by operator: OperatorID?, now: Instant) throws(StorageFailure) {
        try life.verify(ticket, by: `operator`, now: now)
    }

    func release(_ ticket: TicketID, now: Instant) throws(StorageFailure) { try life.release(ticket, now: now) }

    /// - Parameter row: begins with ``columns``.
    static func ticket(_ row: borrowing Statement) throws(StorageFailure) -> Ticket {
        guard let id = TicketID(row.int(0)), let code = TicketCode(row.text(1)), let organization = OrganizationID(row.int(2)),
            let status = TicketStatus(rawValue: row.text(5))
        else { throw .unreadable("ticket", row.int(0)) }
        let validUntil = row.isNull(8) ? nil : CalendarDate(dayNumber: Int(row.int(8)))
        return Ticket(
            id: id, code: code, organization: organization, productID: row.int(3), orderID: row.int(4), status: status,
            createdAt: Instant(seconds: row.int(6)), updatedAt: Instant(seconds: row.int(7)),
            validUntil: validUntil)
    }
}
