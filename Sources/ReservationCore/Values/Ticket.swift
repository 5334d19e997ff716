/// The right to one visit.
package struct Ticket: Hashable, Sendable {
    package let id: TicketID
    package let code: TicketCode
    package let organization: OrganizationID
    package let productID: Int64
    package let orderID: Int64
    package var status: TicketStatus
    package let createdAt: Instant
    package var updatedAt: Instant
    /// The last day on which it can be booked and visited with, in its organisation's time zone; nil for ever.
    package let validUntil: CalendarDate?

    package init(
        id: TicketID, code: TicketCode, organization: OrganizationID, productID: Int64, orderID: Int64,
        status: TicketStatus, createdAt: Instant, updatedAt: Instant, validUntil: CalendarDate? = nil
    ) {
        self.id = id
        self.code = code
        self.organization = organization
        self.productID = productID
        self.orderID = orderID
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.validUntil = validUntil
    }
}

extension Ticket {
    /// Whether the visit would be on its last day or before.
    package func allows(_ slot: Slot) -> Bool { validUntil.map { slot.date <= $0 } ?? true }
}

/// Where a ticket stands: `PENDING_PAYMENT → ACTIVATED → RESERVED → VERIFIED`, or `EXPIRED` (card, section 6).
package enum TicketStatus: String, CaseIterable, Sendable {
    case pendingPayment = "PENDING_PAYMENT"
    case activated = "ACTIVATED"
    case reserved = "RESERVED"
    /// Scanned at the gate: used.
    case verified = "VERIFIED"
    case expired = "EXPIRED"
}
