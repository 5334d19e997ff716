import ReservationCore

/// What services ask of the events.
enum EventCommand: Hashable, Sendable {
    case subscribe(EventStart)
    /// Asked by a connection for one that follows and is behind.
    case read(behind: Int64)
}

/// Where a subscription begins.
enum EventStart: Hashable, Sendable {
    /// With what happens from now on.
    case now
    /// With the oldest event that is kept.
    case oldest
    /// Behind the event of this position; 0 is before the first of all.
    case behind(Int64)
}

/// How such a command ended.
enum EventOutcome: Sendable {
    /// - Parameter position: behind which the events come.
    case subscribed(position: Int64, bounds: EventBounds)
    /// Empty when nothing is kept behind that position.
    case page([PlacedEvent])
    /// What follows that position is not kept any more.
    case trimmed
}
