import ReservationCore

extension MemoryStorage {
    func dueOutboxEntries(at now: Instant, limit: Int) throws(StorageFailure) -> [OutboxEntry] {
        try look()
        let due = state.outbox.filter { entry in entry.dueAt.map { $0 <= now } ?? false }
        return Array(due.sorted { ($0.dueAt ?? now, $0.id) < ($1.dueAt ?? now, $1.id) }.prefix(limit))
    }

    func nextOutboxDue() throws(StorageFailure) -> Instant? {
        try look()
        return state.outbox.compactMap(\.dueAt).min()
    }

    func outboxEntry(_ id: OutboxID) throws(StorageFailure) -> OutboxEntry? {
        try look()
        return state.entry(id)
    }

    func outboxEntries(_ query: OutboxQuery, now: Instant) throws(StorageFailure) -> OutboxPage {
        try look()
        let wanted = state.outbox.filter { entry in
            (query.after.map { $0 < entry.id } ?? true) && (query.organization.map { $0 == entry.reservation.organization } ?? true)
                && (query.state.map { $0 == OutboxRules.state(of: entry, now: now) } ?? true)
                && (query.person.map { $0.isNamed(email: entry.reservation.email.text, phone: entry.reservation.phone.text) } ?? true)
        }
        let page = Array(wanted.prefix(query.limit))
        return OutboxPage(entries: page, next: wanted.count > page.count ? page.last?.id : nil)
    }

    func update(_ entry: OutboxEntry) throws(StorageFailure) {
        try beginWrite()
        guard let index = state.outbox.firstIndex(where: { $0.id == entry.id }) else { throw .defect("no such entry") }
        let due = state.outbox[index].dueAt
        state.outbox[index] = entry
        if weakness == .forgetsLeaseTime, entry.state == .leased { state.outbox[index].dueAt = due }
    }

    func queueConfirmation(of reservation: ReservationID, now: Instant) throws(StorageFailure) -> OutboxEntry? {
        try beginWrite()
        guard let live = state.reservation(reservation), live.status != .cancelled else { return nil }
        return try queue(.confirmation, live, for: nil, now: now)
    }

    func queueMessage(_ purpose: MessagePurpose, of reservation: ReservationID, now: Instant) throws(StorageFailure) {
        try beginWrite()
        guard let reservation = state.reservation(reservation) else { throw .defect("FOREIGN KEY reservation_id") }
        _ = try queue(purpose, reservation, for: nil, now: now)
    }

    func unsentOutboxEntries(of reservation: ReservationID) throws(StorageFailure) -> [OutboxEntry] {
        try look()
        return state.outbox.filter { $0.reservation.id == reservation && $0.dueAt != nil }
    }

    func queue(
        _ purpose: MessagePurpose, _ reservation: Reservation, for name: RequestName?, now: Instant
    ) throws(StorageFailure) -> OutboxEntry {
        guard let id = OutboxID((state.outbox.last?.id.rawValue ?? 0) + 1), let ticket = state.ticket(reservation.ticket) else {
            throw .defect("CHECK id")
        }
        let entry = OutboxEntry(queued: id, purpose, for: reservation, ticketCode: ticket.code, requestName: name, now: now)
        state.outbox.append(entry)
        return entry
    }

    func removeOutboxEntries(
        behind id: OutboxID?, before instant: Instant, limit: Int
    ) throws(StorageFailure) -> OutboxID? {
        try beginWrite()
        let examined = state.outbox.filter { entry in id.map { $0 < entry.id } ?? true }.prefix(max(0, limit))
            .filter { $0.createdAt < instant }
        let youngest = state.outbox.last?.id
        let gone = examined.filter { entry in
            (entry.state == .sent || entry.state == .cancelled) && entry.updatedAt < instant && entry.id != youngest
        }
        state.forgottenSent += gone.count { $0.state == .sent }
        state.outbox.removeAll { entry in gone.contains { $0.id == entry.id } }
        return examined.count == limit ? examined.last?.id : nil
    }
}

extension StoredState {
    var outboxStatistics: OutboxStatistics {
        let pending = outbox.filter { $0.dueAt != nil }
        return OutboxStatistics(
            pending: pending.count, sent: outbox.count { $0.state == .sent } + forgottenSent, failed: outbox.count { $0.state == .failed },
            oldest: pending.map(\.queuedAt).min())
    }
}
