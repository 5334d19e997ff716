import ReservationCore

/// Every slot with its counters, in memory, in calendar order within each organisation.
///
/// What is here is ahead of the disk only within the batch that is being run.
struct SlotTable {
    private var slots: [Slot] = []
    private var positions: [SlotID: Int32] = [:]
    /// Positions in `slots`, by date and start.
    private var calendars: [OrganizationID: [Int32]] = [:]

    init(_ slots: [Slot]) {
        self.slots = slots
        positions.reserveCapacity(slots.count)
        for (index, slot) in slots.enumerated() {
            positions[slot.id] = Int32(index)
            calendars[slot.organization, default: []].append(Int32(index))
        }
        for organization in calendars.keys {
            calendars[organization]?.sort { Self.isBefore(slots[Int($0)], slots[Int($1)]) }
        }
    }

    var count: Int { slots.count }

    var first: Slot? { slots.first }

    /// In no particular order.
    var all: [Slot] { slots }

    /// Places taken in all slots together: the number of live reservations.
    var bookedCount: Int { slots.reduce(0) { $0 + $1.bookedCount } }

    subscript(id: SlotID) -> Slot? {
        positions[id].map { slots[Int($0)] }
    }

    /// Puts the changed slot in the place of the one with its id, which must exist.
    mutating func replace(_ slot: Slot) {
        guard let position = positions[slot.id] else { preconditionFailure("a slot is inserted before it is changed") }
        slots[Int(position)] = slot
    }

    mutating func insert(_ slot: Slot) {
        precondition(positions[slot.id] == nil, "slot ids are unique")
        let position = Int32(slots.count)
        slots.append(slot)
        positions[slot.id] = position
        var calendar = calendars[slot.organization] ?? []
        calendars[slot.organization] = nil
        calendar.insert(position, at: Self.firstIndex(in: calendar) { !Self.isBefore(slots[Int($0)], slot) })
        calendars[slot.organization] = calendar
    }

    func hasAny(of organization: OrganizationID) -> Bool { calendars[organization]?.isEmpty == false }

    /// An organisation's slots on the given days, in start order.
    func slots(of organization: OrganizationID, on days: ClosedRange<Int32>) -> some Sequence<Slot> {
        let calendar = calendars[organization] ?? []
        let first = Self.firstIndex(in: calendar) { slots[Int($0)].date.dayNumber >= days.lowerBound }
        return calendar[first...].lazy.map { slots[Int($0)] }.prefix { $0.date.dayNumber <= days.upperBound }
    }

    /// One page in order of id, and whether more would follow.
    func page(_ query: SlotQuery) -> ([Slot], more: Bool) {
        var page: [Slot] = []
        let ids = positions.keys.filter { id in query.after.map { $0 < id } ?? true }.sorted()
        for id in ids {
            guard let slot = self[id], query.organization.map({ $0 == slot.organization }) ?? true,
                query.from.map({ $0 <= slot.date }) ?? true, query.to.map({ slot.date <= $0 }) ?? true
            else { continue }
            if page.count == query.limit { return (page, true) }
            page.append(slot)
        }
        return (page, false)
    }

    private static func isBefore(_ left: Slot, _ right: Slot) -> Bool {
        (left.date, left.startTime, left.id) < (right.date, right.startTime, right.id)
    }

    private static func firstIndex(in calendar: [Int32], where isPast: (Int32) -> Bool) -> Int {
        var low = 0
        var high = calendar.count
        while low < high {
            let middle = (low + high) / 2
            if isPast(calendar[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
