/// A ticket's place in a slot.
package struct Reservation: Hashable, Sendable {
    package let id: ReservationID
    package let ticket: TicketID
    package var slot: SlotID
    package let organization: OrganizationID
    package let email: EmailAddress
    package let phone: PhoneNumber
    package var status: ReservationStatus
    package let reservedAt: Instant
    /// In which the customer is written to.
    package let language: Language
    /// How often it was changed: a calendar goes by it (RFC 5545, section 3.8.7.4).
    package var sequence: Int

    package init(
        id: ReservationID, ticket: TicketID, slot: SlotID, organization: OrganizationID, email: EmailAddress, phone: PhoneNumber,
        status: ReservationStatus, reservedAt: Instant, language: Language = .english, sequence: Int = 0
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
        self.sequence = sequence
    }
}

extension Reservation {
    /// Who made it was erased: nobody can be written to any more.
    package var isErased: Bool { email == .erased }

    /// The same with nobody's name in it.
    package var erased: Reservation {
        Reservation(
            id: id, ticket: ticket, slot: slot, organization: organization, email: .erased, phone: .erased, status: status,
            reservedAt: reservedAt, language: language, sequence: sequence)
    }
}

/// Where a reservation stands. `RESERVED` and `VERIFIED` hold a place ("live"), `CANCELLED` does not.
package enum ReservationStatus: String, CaseIterable, Sendable {
    case reserved = "RESERVED"
    case cancelled = "CANCELLED"
    case verified = "VERIFIED"
}
