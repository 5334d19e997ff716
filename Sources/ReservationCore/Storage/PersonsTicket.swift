/// A ticket with the contact that stands on it.
package struct PersonsTicket: Hashable, Sendable {
    package var ticket: Ticket
    package var email: String?
    package var phone: String?

    package init(ticket: Ticket, email: String?, phone: String?) {
        self.ticket = ticket
        self.email = email
        self.phone = phone
    }
}

/// One page of such tickets, in order of id.
package struct PersonsTicketPage: Hashable, Sendable {
    package var tickets: [PersonsTicket]
    /// Behind which ticket the next page begins; nil after the last.
    package var next: TicketID?

    package init(tickets: [PersonsTicket], next: TicketID? = nil) {
        self.tickets = tickets
        self.next = next
    }
}

/// How far a search for what is to be emptied is.
package struct Emptied<Position: Hashable & Sendable>: Hashable, Sendable {
    package var count: Int
    /// Behind which row it goes on; nil when it has come to the end.
    package var next: Position?

    package init(count: Int, next: Position?) {
        self.count = count
        self.next = next
    }
}
