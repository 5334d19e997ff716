import ReservationCore

@testable import ReservationDaemon

/// What the ledger holds in memory and what its store holds, between two groups.
struct LedgerView: Sendable {
    var organizations: [Organization]
    /// As stored, in the order of their organisations.
    var logos: [Logo?]
    var slots: [Slot]
    /// As stored, for those that were asked about.
    var storedSlots: [Slot?]
    var tickets: [TicketWithReservation?]
    var records: [IdempotencyRecord?]
    /// Only in a full view.
    var whole: Whole?

    struct Whole: Sendable {
        var statistics: StorageStatistics
        var findings: [Finding]
        var messages: [OutboxEntry]
        var history: [HistoryEntry]
        var events: [PlacedEvent]
        var eventBounds: EventBounds
    }
}

/// What is to be looked at.
struct LedgerQuestion: Sendable {
    var slots: [SlotID] = []
    var tickets: [TicketKey] = []
    var keys: [IdempotencyKey] = []
    var isWhole = false

    enum TicketKey: Sendable {
        case id(TicketID)
        case code(TicketCode, OrganizationID)
    }
}

extension Ledger {
    func view(_ question: LedgerQuestion) throws -> LedgerView {
        let memory = slots.page(SlotQuery(limit: .max)).0
        let stored = try question.slots.map { id in try slots[id].flatMap { try store.refreshed($0) } }
        let tickets = try question.tickets.map { reference in
            let ticket =
                switch reference {
                case .id(let id): try store.ticket(id)
                case .code(let code, let organization): try store.ticket(code, in: organization)
                }
            return try ticket.map { TicketWithReservation(ticket: $0, reservation: try store.liveReservation(of: $0.id)) }
        }
        return LedgerView(
            organizations: organizations.values.map(\.organization).sorted { $0.id < $1.id },
            logos: try organizations.keys.sorted().map { try store.logo(of: $0) }, slots: memory, storedSlots: stored,
            tickets: tickets, records: try question.keys.map { try store.idempotencyRecord($0) },
            whole: question.isWhole
                ? LedgerView.Whole(
                    statistics: try store.statistics(), findings: try store.examine(), messages: try messages(),
                    history: try store.history(HistoryQuery(limit: .max - 1)).entries,
                    events: try store.events(behind: 0, limit: .max), eventBounds: try store.eventBounds()) : nil)
    }
    private func messages() throws -> [OutboxEntry] {
        var query = OutboxQuery(limit: 500)
        var messages: [OutboxEntry] = []
        while true {
            let page = try store.outboxEntries(query, now: settings.clock())
            messages += page.entries
            guard let next = page.next else { return messages }
            query.after = next
        }
    }
}
