import ReservationCore

extension MemoryStorage {
    /// A ticket bears the contact of its live reservation, so that is not kept twice.
    func tickets(of person: PersonalSubject, behind id: TicketID?, examined: Int) throws(StorageFailure) -> PersonsTicketPage {
        try look()
        let behind = state.tickets.sorted { $0.id < $1.id }.filter { ticket in id.map { $0 < ticket.id } ?? true }
        let found = behind.prefix(examined).compactMap { ticket -> PersonsTicket? in
            guard let live = state.reservation(of: ticket.id), !live.isErased,
                person.isNamed(email: live.email.text, phone: live.phone.text)
            else { return nil }
            return PersonsTicket(ticket: ticket, email: live.email.text, phone: live.phone.text)
        }
        return PersonsTicketPage(tickets: found, next: behind.count > examined ? behind[examined - 1].id : nil)
    }

    func eraseContact(of reservation: Reservation) throws(StorageFailure) {
        try beginWrite()
        guard let index = state.reservations.firstIndex(where: { $0.id == reservation.id }) else { throw .defect("no such reservation") }
        state.reservations[index] = state.reservations[index].erased
        setMessages(about: state.reservations[index])
    }

    /// Nothing that is simulated has a ticket that bears a contact by itself.
    func eraseContact(of ticket: TicketID) throws(StorageFailure) { throw .defect("no such ticket") }

    func eraseReasons(of ticket: TicketID, holding texts: [String]) throws(StorageFailure) -> Int {
        try beginWrite()
        return eraseReasons(holding: texts) { $0.note.ticket == ticket }
    }

    func eraseReasons(holding text: String, behind id: HistoryID?, examined: Int) throws(StorageFailure) -> Emptied<HistoryID> {
        try beginWrite()
        let behind = state.history.filter { entry in id.map { $0 < entry.id } ?? true }
        let looked = Set(behind.prefix(max(1, examined)).map(\.id))
        let count = eraseReasons(holding: [text]) { looked.contains($0.id) }
        return Emptied(count: count, next: behind.count > looked.count ? behind[looked.count - 1].id : nil)
    }

    private func eraseReasons(holding texts: [String], where isMeant: (HistoryEntry) -> Bool) -> Int {
        var count = 0
        for index in state.history.indices where isMeant(state.history[index]) {
            var note = state.history[index].note
            guard let reason = note.reason?.lowercased(), texts.contains(where: { reason.contains($0.lowercased()) }) else { continue }
            note.reason = HistoryNote.erasedReason
            state.history[index] = HistoryEntry(id: state.history[index].id, note: note)
            count += 1
        }
        return count
    }

    func emptyOutbox(behind id: OutboxID?, examined: Int, now: Instant) throws(StorageFailure) -> Emptied<OutboxID> {
        try beginWrite()
        let behind = state.outbox.filter { entry in id.map { $0 < entry.id } ?? true }
        let looked = behind.prefix(max(1, examined))
        var count = 0
        for entry in looked where entry.reservation.isErased {
            var emptied = entry.about(entry.reservation, namedRequest: false)
            (emptied.lastError, emptied.providerID, emptied.dueAt) = (nil, nil, nil)
            if emptied.state != .sent { emptied.state = .cancelled }
            guard emptied != entry, let index = state.outbox.firstIndex(where: { $0.id == entry.id }) else { continue }
            emptied.updatedAt = now
            state.outbox[index] = emptied
            count += 1
        }
        return Emptied(count: count, next: behind.count > looked.count ? looked.last?.id : nil)
    }
}
