import ReservationCore

extension SQLiteReservationStore {
    package func eventBounds() throws(StorageFailure) -> EventBounds { try eventTable.readBounds() }

    package func append(_ events: [PortalEvent], behind position: Int64, at instant: Instant) throws(StorageFailure) {
        try requireBatch()
        try eventTable.append(events, behind: position, at: instant)
    }

    package func events(behind position: Int64, limit: Int) throws(StorageFailure) -> [PlacedEvent] {
        try eventTable.read(behind: position, limit: limit)
    }

    package func removeEvents(before instant: Instant, limit: Int) throws(StorageFailure) -> Int {
        try requireBatch()
        try eventTable.remove(before: instant, limit: limit)
        return connection.changes
    }
}
