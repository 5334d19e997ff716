/// What co-located services are told of. The numbers are stored and never reused.
package enum PortalEventKind: UInt8, CaseIterable, Sendable {
    case reserved = 1
    case cancelled = 2
    case moved = 3
    case checkedIn = 4
    case ticketActivated = 5
    case ticketExpired = 6
    case slotCreated = 7
    case slotOpened = 8
    case slotClosed = 9
    case slotCapacitySet = 10
    case slotFull = 11
    case slotAvailable = 12
    case slotDeleted = 13

    /// As it travels, `SLOT_FULL`.
    package var name: String {
        switch self {
        case .reserved: "RESERVED"
        case .cancelled: "CANCELLED"
        case .moved: "MOVED"
        case .checkedIn: "CHECKED_IN"
        case .ticketActivated: "TICKET_ACTIVATED"
        case .ticketExpired: "TICKET_EXPIRED"
        case .slotCreated: "SLOT_CREATED"
        case .slotOpened: "SLOT_OPENED"
        case .slotClosed: "SLOT_CLOSED"
        case .slotCapacitySet: "SLOT_CAPACITY_SET"
        case .slotFull: "SLOT_FULL"
        case .slotAvailable: "SLOT_AVAILABLE"
        case .slotDeleted: "SLOT_DELETED"
        }
    }
}

/// One thing that happened, by numbers alone: nothing in it says who the customer is, so nothing need ever be taken out.
package struct PortalEvent: Hashable, Sendable {
    package var kind: PortalEventKind
    package var organization: OrganizationID
    package var ticket: TicketID?
    package var reservation: ReservationID?
    /// Of a move the one that the place is in since.
    package var slot: SlotID?
    /// Of a move the one that the place was in.
    package var previousSlot: SlotID?

    package init(
        _ kind: PortalEventKind, organization: OrganizationID, ticket: TicketID? = nil, reservation: ReservationID? = nil,
        slot: SlotID? = nil, previousSlot: SlotID? = nil
    ) {
        self.kind = kind
        self.organization = organization
        self.ticket = ticket
        self.reservation = reservation
        self.slot = slot
        self.previousSlot = previousSlot
    }
}

/// An event in its place. Positions begin at 1, rise by 1 from each event to the next, and are never given out twice.
package struct PlacedEvent: Hashable, Sendable {
    package var position: Int64
    package var at: Instant
    package var event: PortalEvent

    package init(position: Int64, at: Instant, event: PortalEvent) {
        self.position = position
        self.at = at
        self.event = event
    }
}

/// Which events are kept.
package struct EventBounds: Hashable, Sendable {
    /// Behind this position everything is kept; 0 when nothing was ever forgotten.
    package var oldest: Int64
    /// The position of the latest event; 0 before the first.
    package var newest: Int64

    package init(oldest: Int64, newest: Int64) {
        self.oldest = oldest
        self.newest = newest
    }

    package static let none = EventBounds(oldest: 0, newest: 0)
}
