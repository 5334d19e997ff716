import ReservationCore

/// What a store holds, as values: copied whole where SQLite writes a log.
struct StoredState: Sendable {
    struct Record: Sendable {
        let key: IdempotencyKey
        let record: IdempotencyRecord
        let createdAt: Instant
    }

    var organizations: [Organization] = []
    var logos: [OrganizationID: Logo] = [:]
    /// By id. `startsAt` is not stored, it is asked for at loading.
    var slots: [Slot] = []
    var tickets: [Ticket] = []
    /// In the order of their making, which is that of their ids.
    var reservations: [Reservation] = []
    var verifications: [TicketID: Verification] = [:]
    /// By id.
    var history: [HistoryEntry] = []
    /// By position.
    var events: [PlacedEvent] = []
    var records: [Record] = []
    /// By id.
    var outbox: [OutboxEntry] = []
    /// Messages that were sent and of which nothing else is known any more.
    var forgottenSent = 0
    var lastSlot: Int64 = 0

    func slot(_ id: SlotID) -> Slot? { slots.first { $0.id == id } }
    func ticket(_ id: TicketID) -> Ticket? { tickets.first { $0.id == id } }
    func reservation(_ id: ReservationID) -> Reservation? { reservations.first { $0.id == id } }
    func reservation(of ticket: TicketID) -> Reservation? { reservations.first { $0.ticket == ticket && $0.status != .cancelled } }
    func liveCount(_ slot: SlotID) -> Int { reservations.count { $0.slot == slot && $0.status != .cancelled } }
    func entry(_ id: OutboxID) -> OutboxEntry? { outbox.first { $0.id == id } }
    func record(_ key: IdempotencyKey) -> Record? { records.first { $0.key == key } }
}
