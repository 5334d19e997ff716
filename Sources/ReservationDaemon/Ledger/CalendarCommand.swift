import ReservationCore

/// What is asked of slots by the dozen.
enum CalendarCommand: Sendable {
    case setOpen(Bool, SlotSelection, SlotOccasion)
    case deleteOne(SlotID, SlotOccasion)
    case delete(SlotSelection, SlotOccasion)

    /// Also a dry run: it need not tell what may be taken back.
    var writes: Bool { true }
}

/// Slots of an organisation by day and time.
struct SlotSelection: Sendable {
    var organization: OrganizationID
    var from: CalendarDate
    var to: CalendarDate
    var weekdays: Set<Weekday>
    /// Start and end; empty for any.
    var times: [(start: TimeOfDay, end: TimeOfDay)] = []
    /// Slots up to and including this one have been seen to.
    var after: SlotID?

    func holds(_ slot: Slot) -> Bool {
        slot.organization == organization && from <= slot.date && slot.date <= to && weekdays.contains(slot.date.weekday)
            && (times.isEmpty || times.contains { $0.start == slot.startTime && $0.end == slot.endTime })
    }
}

/// Why, and whether it is only tried.
struct SlotOccasion: Hashable, Sendable {
    var reason: String?
    var isDryRun = false
}

/// How such a command ended.
enum CalendarOutcome: Sendable {
    /// - Parameter next: behind which slot there may be more to do.
    case changed(Int, unchanged: Int, next: SlotID?)
    case deleted(Int, inUse: Int, next: SlotID?)
}

/// A slot's time that no clock shows.
struct MissingSlotTime: Hashable, Sendable {
    var date: CalendarDate
    var start: TimeOfDay
    var end: TimeOfDay
}
