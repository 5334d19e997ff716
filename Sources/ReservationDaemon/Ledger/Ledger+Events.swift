import ReservationCore

/// How what happens is remembered, and read again by those who follow it.
extension Ledger {
    /// Writes a line of the history; what services are told of happens with it.
    func remember(_ note: HistoryNote) throws(StorageFailure) {
        try store.insert(note)
        guard let kind = note.action.eventKind else { return }
        happened.append(
            PortalEvent(
                kind, organization: note.organization, ticket: note.ticket, reservation: note.reservation, slot: note.slot,
                previousSlot: note.previousSlot))
    }

    /// Reads only what is committed: what the running group makes happen is written after all its requests.
    func execute(_ command: EventCommand) throws(StorageFailure) -> Outcome {
        let bounds = try store.eventBounds()
        switch command {
        case .subscribe(.now): return .events(.subscribed(position: bounds.newest, bounds: bounds))
        case .subscribe(.oldest): return .events(.subscribed(position: bounds.oldest, bounds: bounds))
        case .subscribe(.behind(let position)):
            if position < bounds.oldest { return .refused(.eventsTrimmed(bounds)) }
            if position > bounds.newest { return .refused(.eventsAhead(bounds)) }
            return .events(.subscribed(position: position, bounds: bounds))
        case .read(let position):
            if position < bounds.oldest { return .events(.trimmed) }
            return .events(.page(try store.events(behind: position, limit: Limits.eventsPerPage)))
        }
    }
}

extension HistoryAction {
    /// What services are told; nil for what concerns only the operators.
    fileprivate var eventKind: PortalEventKind? {
        switch self {
        case .ticketActivated: .ticketActivated
        case .ticketExpired: .ticketExpired
        case .checkedIn: .checkedIn
        case .cancelled: .cancelled
        case .moved: .moved
        case .slotCreated: .slotCreated
        case .slotDeleted: .slotDeleted
        case .slotOpened: .slotOpened
        case .slotClosed: .slotClosed
        case .slotCapacitySet: .slotCapacitySet
        case .organizationSet, .personalDataErased: nil
        }
    }
}
