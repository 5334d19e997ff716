import ReservationCore

extension MemoryStorage {
    func reservation(_ id: ReservationID) throws(StorageFailure) -> Reservation? {
        try look()
        return state.reservation(id)
    }

    func tickets(_ query: TicketQuery) throws(StorageFailure) -> TicketPage {
        try look()
        let behind = state.tickets.sorted { $0.id < $1.id }.filter { ticket in query.after.map { $0 < ticket.id } ?? true }
        var (page, examined) = (TicketPage(tickets: []), 0)
        for ticket in behind {
            guard examined < query.examined, page.tickets.count < query.limit else {
                page.next = behind[examined - 1].id
                return page
            }
            examined += 1
            if query.organization.map({ $0 == ticket.organization }) ?? true, query.status.map({ $0 == ticket.status }) ?? true {
                page.tickets.append(ticket)
            }
        }
        return page
    }

    /// When a reservation was changed is not kept here; nothing that is simulated asks for it.
    func reservations(_ query: ReservationQuery) throws(StorageFailure) -> ReservationPage {
        try look()
        let behind = state.reservations.filter { reservation in
            (query.after.map { $0 < reservation.id } ?? true) && (query.slot.map { $0 == reservation.slot } ?? true)
        }
        var page = ReservationPage(reservations: [], next: nil, examined: 0)
        for reservation in behind {
            guard page.examined < query.examined, page.reservations.count < query.limit else {
                page.next = behind[page.examined - 1].id
                return page
            }
            page.examined += 1
            guard query.organization.map({ $0 == reservation.organization }) ?? true,
                query.status.map({ $0 == reservation.status }) ?? true,
                query.person.map({ $0.isNamed(email: reservation.email.text, phone: reservation.phone.text) }) ?? true,
                let ticket = state.ticket(reservation.ticket)
            else { continue }
            page.reservations.append(
                ListedReservation(
                    reservation: reservation, updatedAt: reservation.reservedAt, ticketCode: ticket.code, productID: ticket.productID,
                    orderID: ticket.orderID,
                    verification: reservation.status == .verified
                        ? state.verifications[reservation.ticket] ?? Verification(at: nil, by: nil) : Verification(at: nil, by: nil)))
        }
        return page
    }

    func cancelledReservation(of ticket: TicketID) throws(StorageFailure) -> Reservation? {
        try look()
        return state.reservations.last { $0.ticket == ticket && $0.status == .cancelled }
    }

    func verification(of ticket: TicketID) throws(StorageFailure) -> Verification {
        try look()
        return state.verifications[ticket] ?? Verification(at: nil, by: nil)
    }

    func setStatus(_ status: TicketStatus, of ticket: TicketID, now: Instant) throws(StorageFailure) {
        try beginWrite()
        guard let index = state.tickets.firstIndex(where: { $0.id == ticket && $0.status != .reserved && $0.status != .verified }) else {
            throw .defect("no such ticket without a place")
        }
        state.tickets[index].status = status
        state.tickets[index].updatedAt = now
    }

    func overdueTickets(of organization: OrganizationID, on day: CalendarDate, limit: Int) throws(StorageFailure) -> [Ticket] {
        try look()
        let overdue = state.tickets.filter { ticket in
            ticket.organization == organization && (ticket.status == .activated || ticket.status == .pendingPayment)
                && ticket.validUntil.map { $0 < day } ?? false
        }
        let sorted = overdue.sorted { left, right in
            (left.validUntil?.dayNumber ?? 0, left.id) < (right.validUntil?.dayNumber ?? 0, right.id)
        }
        return Array(sorted.prefix(max(0, limit)))
    }

    func recordCheckIn(_ reservation: Reservation, by operator: OperatorID?, now: Instant) throws(StorageFailure) {
        try beginWrite()
        var verified = reservation
        verified.status = .verified
        try change(verified, ticket: .verified, now: now)
        state.verifications[reservation.ticket] = Verification(at: now, by: `operator`)
    }

    func recordCancellation(_ cancelled: Reservation, now: Instant) throws(StorageFailure) {
        try beginWrite()
        try change(cancelled, ticket: .activated, now: now)
    }

    func recordMove(_ moved: Reservation, now: Instant) throws(StorageFailure) {
        try beginWrite()
        guard state.slot(moved.slot) != nil || state.reservation(moved.id)?.status != .reserved else {
            throw .defect("FOREIGN KEY slot_id")
        }
        try change(moved, ticket: nil, now: now)
    }

    private func change(_ reservation: Reservation, ticket status: TicketStatus?, now: Instant) throws(StorageFailure) {
        guard let index = state.reservations.firstIndex(where: { $0.id == reservation.id && $0.status == .reserved }) else {
            throw .defect("the reservation was not RESERVED")
        }
        state.reservations[index] = reservation
        setMessages(about: reservation)
        guard let status, let place = state.tickets.firstIndex(where: { $0.id == reservation.ticket }) else { return }
        state.tickets[place].status = status
        state.tickets[place].updatedAt = now
    }

    /// Messages are read together with what they are about.
    func setMessages(about reservation: Reservation) {
        for place in state.outbox.indices where state.outbox[place].reservation.id == reservation.id {
            state.outbox[place] = state.outbox[place].about(reservation)
        }
    }

    func insert(_ note: HistoryNote) throws(StorageFailure) {
        try beginWrite()
        guard let id = HistoryID((state.history.last?.id.rawValue ?? 0) + 1) else { throw .defect("CHECK id") }
        state.history.append(HistoryEntry(id: id, note: note))
    }

    func history(_ query: HistoryQuery) throws(StorageFailure) -> HistoryPage {
        try look()
        let wanted = state.history.filter { entry in
            (query.after.map { $0 < entry.id } ?? true) && (query.organization.map { $0 == entry.note.organization } ?? true)
                && (query.ticket.map { $0 == entry.note.ticket } ?? true)
                && (query.reservation.map { $0 == entry.note.reservation } ?? true)
                && (query.slot.map { $0 == entry.note.slot || $0 == entry.note.previousSlot } ?? true)
        }
        let page = Array(wanted.prefix(query.limit))
        return HistoryPage(entries: page, next: wanted.count > page.count ? page.last?.id : nil)
    }
}

extension OutboxEntry {
    /// The same about the reservation as it is now.
    func about(_ reservation: Reservation, namedRequest: Bool = true) -> OutboxEntry {
        OutboxEntry(
            id: id, kind: kind, purpose: purpose, reservation: reservation, ticketCode: ticketCode,
            requestName: namedRequest ? requestName : nil, state: state, attempts: attempts, lease: lease, dueAt: dueAt,
            lastError: lastError, providerID: providerID, createdAt: createdAt, queuedAt: queuedAt, updatedAt: updatedAt)
    }
}
