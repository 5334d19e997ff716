import ReservationCore

@testable import ReservationDaemon

extension ReferenceModel {
    /// The events that are kept tell the end of what the model's tables tell, each in its place.
    func compare(_ seen: [PlacedEvent], _ bounds: EventBounds) throws(Disagreement) {
        let positions = seen.map(\.position)
        let places = bounds.newest == 0 ? [] : Array(bounds.oldest + 1...bounds.newest)
        if positions != places { throw Disagreement("events must be \(places)\n  but are \(positions)") }

        let reserved = seen.filter { $0.event.kind == .reserved }.map { Told(.reserved, $0.at, $0.event.slot, nil) }
        let bookings = tables.reservations.map { Told(.reserved, $0.reservedAt, $0.bookedSlot, nil) }
        try demandEnd("bookings", of: bookings, reserved)

        let changes = seen.compactMap { placed -> Told? in
            let kind = placed.event.kind
            guard Self.kinds.values.contains(kind) else { return nil }
            return Told(kind, placed.at, placed.event.slot, placed.event.previousSlot)
        }
        let notes = tables.history.compactMap { note in
            Self.kinds[note.action].map { Told($0, note.at, note.slot, note.previousSlot) }
        }
        try demandEnd("changes", of: notes, changes)
    }

    private struct Told: Equatable {
        var kind: PortalEventKind
        var at: Instant
        var slot: SlotID?
        var previous: SlotID?

        init(_ kind: PortalEventKind, _ at: Instant, _ slot: SlotID?, _ previous: SlotID?) {
            (self.kind, self.at, self.slot, self.previous) = (kind, at, slot, previous)
        }
    }

    private static let kinds: [HistoryAction: PortalEventKind] = [
        .ticketActivated: .ticketActivated, .ticketExpired: .ticketExpired, .checkedIn: .checkedIn, .cancelled: .cancelled, .moved: .moved,
        .slotOpened: .slotOpened, .slotClosed: .slotClosed, .slotCapacitySet: .slotCapacitySet,
        .slotCreated: .slotCreated, .slotDeleted: .slotDeleted,
    ]

    private func demandEnd<Value: Equatable>(_ what: String, of all: [Value], _ seen: [Value]) throws(Disagreement) {
        let end = Array(all.suffix(seen.count))
        if end != seen { throw Disagreement("events of \(what) must be \(end)\n  but are \(seen)") }
    }
}
