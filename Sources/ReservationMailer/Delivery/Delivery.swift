import ReservationCore

/// One row of the outbox, lent to this mailer for a time, with all that its message says.
package struct Delivery: Hashable, Sendable {
    /// How the customer is told.
    package enum Kind: String, CaseIterable, Sendable {
        case email
        case sms
    }

    /// What the message tells of.
    package enum Purpose: String, CaseIterable, Sendable {
        case confirmation
        /// The place was given back.
        case cancellation
        /// The visit was moved.
        case change
    }

    package let outboxID: UInt64
    /// Changes with each lease: a report under an older one is refused.
    package let leaseID: UInt64
    /// 1 for the first.
    package let attempt: Int
    package let kind: Kind
    package let purpose: Purpose
    /// How often the reservation was changed; a calendar goes by it.
    package let sequence: UInt64
    package let firstQueuedAt: Instant
    /// As it is kept with the reservation; ``MailLanguage`` decides what it means.
    package let language: String
    package let reservation: ReservationID
    package let ticketCode: TicketCode
    package let email: EmailAddress
    package let phone: PhoneNumber
    package let visit: Visit
    package let organization: OrganizationCard
    /// What the booking was called in the logs of gateway and daemon.
    package let requestName: RequestName?

    package init(
        outboxID: UInt64, leaseID: UInt64, attempt: Int, kind: Kind, purpose: Purpose = .confirmation, sequence: UInt64 = 0,
        firstQueuedAt: Instant, language: String, reservation: ReservationID, ticketCode: TicketCode, email: EmailAddress,
        phone: PhoneNumber, visit: Visit, organization: OrganizationCard, requestName: RequestName? = nil
    ) {
        self.outboxID = outboxID
        self.leaseID = leaseID
        self.attempt = attempt
        self.kind = kind
        self.purpose = purpose
        self.sequence = sequence
        self.firstQueuedAt = firstQueuedAt
        self.language = language
        self.reservation = reservation
        self.ticketCode = ticketCode
        self.email = email
        self.phone = phone
        self.visit = visit
        self.organization = organization
        self.requestName = requestName
    }
}

/// When the customer comes: on the venue's own clocks, and as instants for calendars elsewhere.
package struct Visit: Hashable, Sendable {
    package let date: CalendarDate
    package let startTime: TimeOfDay
    package let endTime: TimeOfDay
    package let startsAt: Instant
    package let endsAt: Instant

    package init(date: CalendarDate, startTime: TimeOfDay, endTime: TimeOfDay, startsAt: Instant, endsAt: Instant) {
        self.date = date
        self.startTime = startTime
        self.endTime = endTime
        self.startsAt = startsAt
        self.endsAt = endsAt
    }
}

/// What a message says of the organisation in whose name it is sent.
package struct OrganizationCard: Hashable, Sendable {
    package let id: OrganizationID
    package let name: OneLine
    /// IANA name.
    package let timeZone: String
    package let contactEmail: EmailAddress?
    package let contactPhone: PhoneNumber?
    package let website: WebsiteURL?
    package let accentColor: AccentColor?

    package init(
        id: OrganizationID, name: String, timeZone: String, contactEmail: EmailAddress? = nil, contactPhone: PhoneNumber? = nil,
        website: WebsiteURL? = nil, accentColor: AccentColor? = nil
    ) {
        self.id = id
        self.name = OneLine(name)
        self.timeZone = timeZone
        self.contactEmail = contactEmail
        self.contactPhone = contactPhone
        self.website = website
        self.accentColor = accentColor
    }
}
