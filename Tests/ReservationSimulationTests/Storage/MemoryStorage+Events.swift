import ReservationCore

extension MemoryStorage {
    func eventBounds() throws(StorageFailure) -> EventBounds {
        try look()
        guard let first = state.events.first, let last = state.events.last else { return .none }
        return EventBounds(oldest: first.position - 1, newest: last.position)
    }

    func append(_ events: [PortalEvent], behind position: Int64, at instant: Instant) throws(StorageFailure) {
        try beginWrite()
        guard position == state.events.last?.position ?? 0 else { throw .defect("PRIMARY KEY last") }
        for (offset, event) in events.enumerated() {
            state.events.append(PlacedEvent(position: position + Int64(offset) + 1, at: instant, event: event))
        }
    }

    func events(behind position: Int64, limit: Int) throws(StorageFailure) -> [PlacedEvent] {
        try look()
        return Array(state.events.drop { $0.position <= position }.prefix(limit))
    }

    func removeEvents(before instant: Instant, limit: Int) throws(StorageFailure) -> Int {
        try beginWrite()
        let old = state.events.dropLast().prefix(max(0, limit)).prefix { $0.at < instant }.count
        state.events.removeFirst(old)
        return old
    }
}
