/// Which entries of the history are wanted; what is nil does not matter.
package struct HistoryQuery: Hashable, Sendable {
    package var organization: OrganizationID?
    package var ticket: TicketID?
    package var reservation: ReservationID?
    /// Also what was moved out of it.
    package var slot: SlotID?
    /// Entries up to and including this one have been listed already.
    package var after: HistoryID?
    package var limit: Int

    package init(
        organization: OrganizationID? = nil, ticket: TicketID? = nil, reservation: ReservationID? = nil, slot: SlotID? = nil,
        after: HistoryID? = nil, limit: Int
    ) {
        self.organization = organization
        self.ticket = ticket
        self.reservation = reservation
        self.slot = slot
        self.after = after
        self.limit = limit
    }
}

/// One page of the history, oldest first.
package struct HistoryPage: Hashable, Sendable {
    package var entries: [HistoryEntry]
    /// Behind which entry the next page begins; nil after the last.
    package var next: HistoryID?

    package init(entries: [HistoryEntry], next: HistoryID? = nil) {
        self.entries = entries
        self.next = next
    }
}
