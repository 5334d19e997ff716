/// A ticket's place in a slot.
package struct Reservation: Hashable, Sendable {
    package let id: ReservationID
    package let ticket: TicketID
    package let slot: SlotID
    package let organization: OrganizationID
    package let email: EmailAddress
    package let phone: PhoneNumber
    package let status: ReservationStatus
    package let reservedAt: Instant
    /// In which the customer is written to.
    package let language: Language

    package init(
        id: ReservationID, ticket: TicketID, slot: SlotID, organization: OrganizationID, email: EmailAddress, phone: PhoneNumber,
        status: ReservationStatus, reservedAt: Instant, language: Language = .english
    ) {
        self.id = id
        self.ticket = ticket
        self.slot = slot
        self.organization = organization
        self.email = email
        self.phone = phone
        self.status = status
        self.reservedAt = reservedAt
        self.language = language
    }
}

/// Where a reservation stands. `RESERVED` and `VERIFIED` hold a place ("live"), `CANCELLED` does not.
package enum ReservationStatus: String, CaseIterable, Sendable {
    case reserved = "RESERVED"
    case cancelled = "CANCELLED"
    case verified = "VERIFIED"
}
