import ReservationCore

/// Which reservations are to be listed; what is nil does not matter.
struct ReservationOrder: Hashable, Sendable {
    var organization: OrganizationID?
    /// Not together with dates.
    var slot: SlotID?
    var status: ReservationStatus?
    /// Of slots on these days.
    var from: CalendarDate?
    var to: CalendarDate?
    var position = Position()
    var limit: Int
    /// Whether addresses, phone numbers and ticket codes are shown in full.
    var showsContacts = false

    /// Where a page begins.
    struct Position: Hashable, Sendable {
        /// With dates the slot in which the page before ended, or behind which it ended when there is no reservation.
        var slot: SlotID?
        var reservation: ReservationID?
    }

    var isByDate: Bool { from != nil || to != nil }
}

/// One page of reservations with their slots.
struct ReservationList: Sendable {
    var rows: [(ListedReservation, Slot)] = []
    /// Where the next page begins; nil after the last.
    var next: ReservationOrder.Position?
    var showsContacts = false
}

/// Pages are bounded by what is looked at and not by what is found, so that a booking never waits for a search.
extension Ledger {
    func list(_ order: ReservationOrder) throws(StorageFailure) -> Outcome {
        guard order.organization.map({ organizations[$0] != nil }) ?? true else { return .refused(.organizationNotFound) }
        if let slot = order.slot, slots[slot] == nil { return .refused(.slotNotFound) }
        var list = order.isByDate ? try listByDate(order) : try listById(order)
        list.showsContacts = order.showsContacts
        return .life(.reservations(list))
    }

    private func listById(_ order: ReservationOrder) throws(StorageFailure) -> ReservationList {
        let page = try store.reservations(
            ReservationQuery(
                organization: order.organization, slot: order.slot, status: order.status, after: order.position.reservation,
                limit: order.limit, examined: Limits.reservationsExaminedPerPage))
        var list = ReservationList()
        try add(page.reservations, to: &list)
        list.next = page.next.map { ReservationOrder.Position(reservation: $0) }
        return list
    }

    /// Slots are few and in memory, and the store finds the reservations of each by an index.
    private func listByDate(_ order: ReservationOrder) throws(StorageFailure) -> ReservationList {
        var list = ReservationList()
        var (searched, examined) = (0, 0)
        var position = order.position
        for slot in slots.fromID(position.slot) {
            let isPartlyListed = slot.id == position.slot
            if isPartlyListed, position.reservation == nil { continue }
            guard order.organization.map({ $0 == slot.organization }) ?? true, order.from.map({ $0 <= slot.date }) ?? true,
                order.to.map({ slot.date <= $0 }) ?? true
            else { continue }
            // Without a live reservation only a cancelled one can be in it.
            if slot.bookedCount == 0, let status = order.status, status != .cancelled { continue }
            guard searched < Limits.slotsSearchedPerPage, examined < Limits.reservationsExaminedPerPage, list.rows.count < order.limit
            else {
                list.next = position
                return list
            }
            let page = try store.reservations(
                ReservationQuery(
                    slot: slot.id, status: order.status, after: isPartlyListed ? position.reservation : nil,
                    limit: order.limit - list.rows.count, examined: Limits.reservationsExaminedPerPage - examined))
            searched += 1
            examined += page.examined
            try add(page.reservations, to: &list)
            if let next = page.next {
                list.next = ReservationOrder.Position(slot: slot.id, reservation: next)
                return list
            }
            position = ReservationOrder.Position(slot: slot.id)
        }
        return list
    }

    private func add(_ reservations: [ListedReservation], to list: inout ReservationList) throws(StorageFailure) {
        for listed in reservations {
            guard let slot = slots[listed.reservation.slot] else {
                throw .corrupt("slot \(listed.reservation.slot) is in the database but not in memory")
            }
            list.rows.append((listed, slot))
        }
    }
}
