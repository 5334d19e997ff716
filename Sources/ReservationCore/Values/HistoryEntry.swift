/// Who asked, as far as the machine can tell: not what somebody claims.
package struct Caller: Hashable, Sendable {
    /// The socket that could be opened.
    package var role: Role
    /// The user of the program at the other end, by the kernel's word; nil where there is no such end.
    package var uid: UInt32?
    /// Nobody asked: the daemon did it of itself.
    package private(set) var isSystem = false

    package init(role: Role, uid: UInt32? = nil) {
        self.role = role
        self.uid = uid
    }

    /// The daemon itself, which may do everything.
    package static let system: Caller = {
        var caller = Caller(role: .admin)
        caller.isSystem = true
        return caller
    }()
}

/// What the history remembers. A booking is not in it: its reservation is the record of it.
package enum HistoryAction: String, CaseIterable, Sendable {
    case ticketActivated = "TICKET_ACTIVATED"
    case ticketExpired = "TICKET_EXPIRED"
    case checkedIn = "CHECKED_IN"
    case cancelled = "CANCELLED"
    case moved = "MOVED"
    case slotCreated = "SLOT_CREATED"
    case slotDeleted = "SLOT_DELETED"
    case slotOpened = "SLOT_OPENED"
    case slotClosed = "SLOT_CLOSED"
    case slotCapacitySet = "SLOT_CAPACITY_SET"
    case organizationSet = "ORGANIZATION_SET"
    case personalDataErased = "PERSONAL_DATA_ERASED"
}

/// One thing that was done, to be remembered for ever. Nothing of ours in it says who the customer is; a caller's words may.
package struct HistoryNote: Hashable, Sendable {
    /// Stands in place of a caller's words that named somebody who was erased.
    package static let erasedReason = "(erased)"

    package var at: Instant
    package var action: HistoryAction
    package var caller: Caller
    /// Whom the caller named.
    package var operatorID: OperatorID?
    package var organization: OrganizationID
    package var ticket: TicketID?
    package var reservation: ReservationID?
    /// Of a move the one that the place is in since.
    package var slot: SlotID?
    /// Of a move the one that the place was in.
    package var previousSlot: SlotID?
    /// The caller's words.
    package var reason: String?
    /// Ours: what exactly was done.
    package var detail: String?

    package init(
        at: Instant, action: HistoryAction, caller: Caller, operatorID: OperatorID? = nil, organization: OrganizationID,
        ticket: TicketID? = nil, reservation: ReservationID? = nil, slot: SlotID? = nil, previousSlot: SlotID? = nil,
        reason: String? = nil, detail: String? = nil
    ) {
        self.at = at
        self.action = action
        self.caller = caller
        self.operatorID = operatorID
        self.organization = organization
        self.ticket = ticket
        self.reservation = reservation
        self.slot = slot
        self.previousSlot = previousSlot
        self.reason = reason
        self.detail = detail
    }
}

/// A note as it was kept.
package struct HistoryEntry: Hashable, Sendable {
    /// Rises with time.
    package let id: HistoryID
    package let note: HistoryNote

    package init(id: HistoryID, note: HistoryNote) {
        self.id = id
        self.note = note
    }
}

/// Names an entry of the history.
package typealias HistoryID = Identifier<HistoryEntry>
