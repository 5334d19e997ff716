/// Which tickets are wanted; what is nil does not matter.
package struct TicketQuery: Hashable, Sendable {
    package var organization: OrganizationID?
    package var status: TicketStatus?
    /// Tickets up to and including this one have been listed already.
    package var after: TicketID?
    package var limit: Int
    /// How many may be looked at, wanted or not, so that nobody waits for a search among a million.
    package var examined: Int

    package init(
        organization: OrganizationID? = nil, status: TicketStatus? = nil, after: TicketID? = nil, limit: Int, examined: Int
    ) {
        self.organization = organization
        self.status = status
        self.after = after
        self.limit = limit
        self.examined = examined
    }
}

/// One page of tickets, in order of id.
package struct TicketPage: Hashable, Sendable {
    package var tickets: [Ticket]
    /// Behind which ticket the next page begins; nil after the last.
    package var next: TicketID?

    package init(tickets: [Ticket], next: TicketID? = nil) {
        self.tickets = tickets
        self.next = next
    }
}
