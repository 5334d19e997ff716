import ReservationCore

/// Statements that find a person's data where no list does, and take it away.
struct ErasureStatements: ~Copyable {
    private let reservation: Statement
    private let ticket: Statement
    private let tickets: Statement
    private let reasonsOfTicket: Statement
    private let reasons: Statement
    private let messages: Statement
    private let historyBounds: Statement
    private let outboxBounds: Statement
}

extension ErasureStatements {
    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        func bounds(of table: String) -> String {
            """
            SELECT min(id), max(id), (SELECT max(id) FROM \(table))
            FROM (SELECT id FROM \(table) WHERE id > ?1 ORDER BY id LIMIT ?2)
            """
        }
        // `lower` knows ASCII alone, as the address is compared elsewhere.
        let holds = "reason IS NOT NULL AND reason IS NOT '\(HistoryNote.erasedReason)' AND instr(lower(reason), lower(?2)) > 0"
        self.init(
            // The time of change stays: it tells of the visit, and nothing of that has changed.
            reservation: try Statement(
                "UPDATE ticket_reservations SET customer_email = ?2, customer_phone = ?3 WHERE id = ?1",
                to: "erase the contact of a reservation", on: connection),
            ticket: try Statement(
                "UPDATE tickets SET customer_email = NULL, customer_phone = NULL WHERE id = ?1",
                to: "erase the contact of a ticket", on: connection),
            tickets: try Statement(
                "SELECT \(TicketTable.columns), customer_email, customer_phone FROM tickets WHERE id > ?1 ORDER BY id LIMIT ?2",
                to: "look for a person's tickets", on: connection),
            reasonsOfTicket: try Statement(
                "UPDATE history SET reason = '\(HistoryNote.erasedReason)' WHERE ticket_id = ?1 AND \(holds)",
                to: "erase a person from the history", on: connection),
            reasons: try Statement(
                "UPDATE history SET reason = '\(HistoryNote.erasedReason)' WHERE id BETWEEN ?1 AND ?3 AND \(holds)",
                to: "erase a person from the history", on: connection),
            messages: try Statement(
                """
                UPDATE outbox SET last_error = NULL, provider_id = NULL, request_id = NULL, due_at = NULL,
                    state = CASE WHEN state = 'SENT' THEN 'SENT' ELSE 'CANCELLED' END, updated_at = ?3
                WHERE id BETWEEN ?1 AND ?2 AND (state <> 'SENT' AND state <> 'CANCELLED' OR last_error IS NOT NULL OR provider_id IS NOT NULL
                    OR request_id IS NOT NULL) AND (SELECT customer_email FROM ticket_reservations WHERE id = reservation_id) = ?4
                """, to: "empty messages to who was erased", on: connection),
            historyBounds: try Statement(bounds(of: "history"), to: "look through the history", on: connection),
            outboxBounds: try Statement(bounds(of: "outbox"), to: "look through the outbox", on: connection))
    }

    // MARK: contacts

    // The connection's count of changes tells of both whether there is such a row.

    func eraseContact(of id: ReservationID) throws(StorageFailure) {
        try reservation.bind(id.rawValue, at: 1)
        try reservation.bind(EmailAddress.erased.text, at: 2)
        try reservation.bind(PhoneNumber.erased.text, at: 3)
        try reservation.run()
    }

    func eraseContact(of id: TicketID) throws(StorageFailure) {
        try ticket.bind(id.rawValue, at: 1)
        try ticket.run()
    }

    /// Sifted here and not by SQLite, which would go on looking until something is found.
    func tickets(of person: PersonalSubject, behind id: TicketID?, examined: Int) throws(StorageFailure) -> PersonsTicketPage {
        defer { tickets.reset() }
        try tickets.bind(id?.rawValue ?? 0, at: 1)
        try tickets.bind(Int64(examined) + 1, at: 2)
        var page = PersonsTicketPage(tickets: [])
        var (seen, last) = (0, Int64(0))
        while try tickets.step() {
            guard seen < examined else {
                page.next = TicketID(last)
                return page
            }
            seen += 1
            last = tickets.int(0)
            let (noEmail, noPhone) = (tickets.isNull(9), tickets.isNull(10))
            if noEmail && noPhone { continue }
            let (email, phone) = (noEmail ? "" : tickets.text(9), noPhone ? "" : tickets.text(10))
            guard person.isNamed(email: email, phone: phone) else { continue }
            page.tickets.append(
                PersonsTicket(ticket: try TicketTable.ticket(tickets), email: noEmail ? nil : email, phone: noPhone ? nil : phone))
        }
        return page
    }

    // MARK: words

    // The connection's count of changes tells how many there were.

    func eraseReasons(of ticket: TicketID, holding text: String) throws(StorageFailure) {
        try reasonsOfTicket.bind(ticket.rawValue, at: 1)
        try reasonsOfTicket.bind(text, at: 2)
        try reasonsOfTicket.run()
    }

    func eraseReasons(holding text: String, in ids: ClosedRange<Int64>) throws(StorageFailure) {
        try reasons.bind(ids.lowerBound, at: 1)
        try reasons.bind(text, at: 2)
        try reasons.bind(ids.upperBound, at: 3)
        try reasons.run()
    }

    func emptyOutbox(_ ids: ClosedRange<Int64>, now: Instant) throws(StorageFailure) {
        try messages.bind(ids.lowerBound, at: 1)
        try messages.bind(ids.upperBound, at: 2)
        try messages.bind(now.seconds, at: 3)
        try messages.bind(EmailAddress.erased.text, at: 4)
        try messages.run()
    }

    // MARK: stretches

    /// So many rows at a time, so that nobody's booking waits for a search among a million.
    struct Stretch {
        var ids: ClosedRange<Int64>
        var isLast: Bool
    }

    func stretchOfHistory(behind id: Int64, examined: Int) throws(StorageFailure) -> Stretch? {
        try Self.stretch(historyBounds, behind: id, examined: examined)
    }

    func stretchOfOutbox(behind id: Int64, examined: Int) throws(StorageFailure) -> Stretch? {
        try Self.stretch(outboxBounds, behind: id, examined: examined)
    }

    /// - Returns: nil when nothing is behind it.
    private static func stretch(_ rows: borrowing Statement, behind id: Int64, examined: Int) throws(StorageFailure) -> Stretch? {
        defer { rows.reset() }
        try rows.bind(id, at: 1)
        try rows.bind(Int64(max(1, examined)), at: 2)
        guard try rows.step(), !rows.isNull(0) else { return nil }
        return Stretch(ids: rows.int(0)...rows.int(1), isLast: rows.int(1) == rows.int(2))
    }
}
