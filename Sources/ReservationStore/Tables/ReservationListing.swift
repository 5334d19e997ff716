import ReservationCore

/// Statements that read reservations page by page.
struct ReservationListing: ~Copyable {
    private let all: Statement
    private let ofSlot: Statement
    private let ticket: Statement
}

extension ReservationListing {
    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        let columns = "\(ReservationTable.columns), updated_at"
        self.init(
            all: try Statement(
                "SELECT \(columns) FROM ticket_reservations WHERE id > ?1 ORDER BY id LIMIT ?2", to: "list reservations", on: connection),
            ofSlot: try Statement(
                """
                SELECT \(columns) FROM ticket_reservations INDEXED BY reservations_of_slot
                WHERE slot_id = ?3 AND id > ?1 ORDER BY id LIMIT ?2
                """, to: "list a slot's reservations", on: connection),
            ticket: try Statement(
                "SELECT ticket_code, product_id, order_id, verified_at, verified_by FROM tickets WHERE id = ?1",
                to: "read a reservation's ticket", on: connection))
    }

    /// Sifted here and not by SQLite, which would go on looking until the page is full.
    func page(_ query: ReservationQuery) throws(StorageFailure) -> ReservationPage {
        if let slot = query.slot {
            try ofSlot.bind(slot.rawValue, at: 3)
            return try page(query, of: ofSlot)
        }
        return try page(query, of: all)
    }

    private func page(_ query: ReservationQuery, of rows: borrowing Statement) throws(StorageFailure) -> ReservationPage {
        defer { rows.reset() }
        try rows.bind(query.after?.rawValue ?? 0, at: 1)
        try rows.bind(Int64(query.examined) + 1, at: 2)
        var page = ReservationPage(reservations: [], next: nil, examined: 0)
        var last: Int64 = 0
        while try rows.step() {
            guard page.examined < query.examined, page.reservations.count < query.limit else {
                page.next = ReservationID(last)
                return page
            }
            page.examined += 1
            last = rows.int(0)
            guard query.organization.map({ $0.rawValue == rows.int(2) }) ?? true,
                query.status.map({ $0.rawValue == rows.text(5) }) ?? true,
                query.person.map({ $0.isNamed(email: rows.text(3), phone: rows.text(4)) }) ?? true
            else { continue }
            page.reservations.append(try listed(ReservationTable.reservation(rows), updatedAt: Instant(seconds: rows.int(10))))
        }
        return page
    }

    private func listed(_ reservation: Reservation, updatedAt: Instant) throws(StorageFailure) -> ListedReservation {
        defer { ticket.reset() }
        try ticket.bind(reservation.ticket.rawValue, at: 1)
        guard try ticket.step(), let code = TicketCode(ticket.text(0)) else {
            throw .unreadable("ticket", reservation.ticket.rawValue)
        }
        // The ticket of a cancelled reservation may have been used with another since.
        let isVerified = reservation.status == .verified
        return ListedReservation(
            reservation: reservation, updatedAt: updatedAt, ticketCode: code, productID: ticket.int(1), orderID: ticket.int(2),
            verification: Verification(
                at: isVerified && !ticket.isNull(3) ? Instant(seconds: ticket.int(3)) : nil,
                by: isVerified && !ticket.isNull(4) ? OperatorID(ticket.int(4)) : nil))
    }
}
