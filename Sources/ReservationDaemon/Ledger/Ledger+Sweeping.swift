import ReservationCore

/// What the ledger does of itself, by the date alone.
enum SweepCommand: CaseIterable, Sendable {
    /// Tickets whose last day is over become EXPIRED.
    case expireTickets
    /// Contacts go whose visits are longer ago than their organisation keeps them.
    case eraseContacts
}

extension Ledger {
    /// Most tickets that end in one bite: some milliseconds' work.
    static let ticketsPerSweep = 64

    func execute(_ command: SweepCommand, now: Instant) throws(StorageFailure) -> Outcome {
        switch command {
        case .expireTickets: try expireTickets(now: now)
        case .eraseContacts: try eraseOldContacts(now: now)
        }
    }

    private func expireTickets(now: Instant) throws(StorageFailure) -> Outcome {
        var room = Self.ticketsPerSweep
        for (id, state) in organizations.sorted(by: { $0.key < $1.key }) where room > 0 {
            guard let today = state.zone.date(at: now) else { continue }
            for ticket in try store.overdueTickets(of: id, on: today, limit: room) {
                room -= 1
                try store.setStatus(.expired, of: ticket.id, now: now)
                try remember(
                    HistoryNote(
                        at: now, action: .ticketExpired, caller: .system, organization: id, ticket: ticket.id,
                        detail: "was \(ticket.status.rawValue), valid until \(ticket.validUntil.map { "\($0)" } ?? "-")"))
                hasWritten = true
            }
        }
        return .swept(more: room == 0)
    }

    /// The ticket as its last day makes it, whether it was swept yet or not.
    @inline(__always)
    func current(_ ticket: Ticket, now: Instant) -> Ticket {
        // Most tickets have no last day, and then nothing is asked of a time zone.
        guard let until = ticket.validUntil, let today = organizations[ticket.organization]?.zone.date(at: now) else { return ticket }
        var ticket = ticket
        ticket.status = LifeRules.status(ticket.status, validUntil: until, today: today)
        return ticket
    }
}
