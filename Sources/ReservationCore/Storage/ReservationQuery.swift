/// Which reservations are wanted; what is nil does not matter.
package struct ReservationQuery: Hashable, Sendable {
    package var organization: OrganizationID?
    package var slot: SlotID?
    package var status: ReservationStatus?
    /// Of this person only.
    package var person: PersonalSubject?
    /// Reservations up to and including this one have been listed already.
    package var after: ReservationID?
    package var limit: Int
    /// How many may be looked at, wanted or not, so that nobody waits for a search among a million.
    package var examined: Int

    package init(
        organization: OrganizationID? = nil, slot: SlotID? = nil, status: ReservationStatus? = nil, person: PersonalSubject? = nil,
        after: ReservationID? = nil, limit: Int, examined: Int
    ) {
        self.organization = organization
        self.slot = slot
        self.status = status
        self.person = person
        self.after = after
        self.limit = limit
        self.examined = examined
    }
}

/// One page of reservations, in order of id.
package struct ReservationPage: Hashable, Sendable {
    package var reservations: [ListedReservation]
    /// Behind which reservation the next page begins; nil after the last.
    package var next: ReservationID?
    /// How many were looked at.
    package var examined: Int

    package init(reservations: [ListedReservation], next: ReservationID?, examined: Int) {
        self.reservations = reservations
        self.next = next
        self.examined = examined
    }
}

/// A reservation and what lists say of it beside.
package struct ListedReservation: Hashable, Sendable {
    package var reservation: Reservation
    package var updatedAt: Instant
    package var ticketCode: TicketCode
    package var productID: Int64
    package var orderID: Int64
    /// When the visitor was let in, and by whom; of a cancelled reservation nothing.
    package var verification: Verification

    package init(
        reservation: Reservation, updatedAt: Instant, ticketCode: TicketCode, productID: Int64, orderID: Int64, verification: Verification
    ) {
        self.reservation = reservation
        self.updatedAt = updatedAt
        self.ticketCode = ticketCode
        self.productID = productID
        self.orderID = orderID
        self.verification = verification
    }
}
