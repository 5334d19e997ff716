import ReservationCore

/// Every slot with its counters, in memory, in calendar order within each organisation.
///
/// What is here is ahead of the disk only within the batch that is being run.
struct SlotTable {
    /// By id.
    private var slots: [Slot] = []
    private var positions: [SlotID: Int32] = [:]
    /// Positions in `slots`, by date and start.
    private var calendars: [OrganizationID: [Int32]] = [:]

    init(_ unordered: [Slot]) {
        slots = unordered.sorted { $0.id < $1.id }
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

    /// By id.
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
        precondition(slots.last.map { $0.id < slot.id } ?? true, "slot ids rise")
        let position = Int32(slots.count)
        slots.append(slot)
        positions[slot.id] = position
        var calendar = calendars[slot.organization] ?? []
        calendars[slot.organization] = nil
        calendar.insert(position, at: Self.firstIndex(in: calendar) { !Self.isBefore(slots[Int($0)], slot) })
        calendars[slot.organization] = calendar
    }

    /// Takes slots away.
    mutating func remove(_ ids: Set<SlotID>) {
        // Everything behind the first moves up.
        var moved: [Int32] = []
        moved.reserveCapacity(slots.count)
        var kept: [Slot] = []
        kept.reserveCapacity(slots.count)
        for slot in slots {
            moved.append(ids.contains(slot.id) ? -1 : Int32(kept.count))
            if ids.contains(slot.id) { positions[slot.id] = nil } else { kept.append(slot) }
        }
        slots = kept
        for index in slots.indices { positions[slots[index].id] = Int32(index) }
        for organization in calendars.keys {
            calendars[organization] = calendars[organization]?.compactMap { moved[Int($0)] < 0 ? nil : moved[Int($0)] }
        }
    }

    func hasAny(of organization: OrganizationID) -> Bool { calendars[organization]?.isEmpty == false }

    /// An organisation's slots on the given days, in start order.
    func slots(of organization: OrganizationID, on days: ClosedRange<Int32>) -> some Sequence<Slot> {
        let calendar = calendars[organization] ?? []
        let first = Self.firstIndex(in: calendar) { slots[Int($0)].date.dayNumber >= days.lowerBound }
        return calendar[first...].lazy.map { slots[Int($0)] }.prefix { $0.date.dayNumber <= days.upperBound }
    }

    /// The slot of this id and those behind it, in order of id; all of them with nil.
    func fromID(_ id: SlotID?) -> ArraySlice<Slot> {
        guard let id else { return slots[...] }
        var (low, high) = (0, slots.count)
        while low < high {
            let middle = (low + high) / 2
            if slots[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return slots[low...]
    }

    /// One page in order of id, and whether more would follow.
    func page(_ query: SlotQuery) -> ([Slot], more: Bool) {
        var page: [Slot] = []
        for slot in fromID(query.after) where slot.id != query.after {
            guard query.organization.map({ $0 == slot.organization }) ?? true,
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
