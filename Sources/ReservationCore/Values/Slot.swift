/// A span of time on one day that a limited number of visitors may choose.
package struct Slot: Hashable, Sendable {
    package let id: SlotID
    package let organization: OrganizationID
    package let date: CalendarDate
    package let startTime: TimeOfDay
    package let endTime: TimeOfDay
    /// When it starts, judged in the organisation's time zone.
    package let startsAt: Instant
    package var totalCapacity: Int
    package var bookedCount: Int
    package var status: SlotStatus
    package let createdAt: Instant
    package var updatedAt: Instant

    package init(
        id: SlotID, organization: OrganizationID, date: CalendarDate, startTime: TimeOfDay, endTime: TimeOfDay, startsAt: Instant,
        totalCapacity: Int, bookedCount: Int, status: SlotStatus, createdAt: Instant, updatedAt: Instant
    ) {
        self.id = id
        self.organization = organization
        self.date = date
        self.startTime = startTime
        self.endTime = endTime
        self.startsAt = startsAt
        self.totalCapacity = totalCapacity
        self.bookedCount = bookedCount
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Places left, never negative.
    package var availableCount: Int { max(0, totalCapacity - bookedCount) }

    package var capacityStatus: CapacityStatus {
        if availableCount == 0 || status == .full { return .full }
        return bookedCount * 2 > totalCapacity ? .limited : .available
    }
}

/// Whether a slot takes bookings (card, section 4).
package enum SlotStatus: String, CaseIterable, Sendable {
    case active = "ACTIVE"
    /// Every place is taken; follows from the counters, never set by hand.
    case full = "FULL"
    /// Closed by the operator.
    case closed = "CLOSED"
}

/// How a calendar colours a slot.
package enum CapacityStatus: String, CaseIterable, Sendable {
    case available = "AVAILABLE"
    /// More than half is booked.
    case limited = "LIMITED"
    /// No place is left.
    case full = "FULL"
}
