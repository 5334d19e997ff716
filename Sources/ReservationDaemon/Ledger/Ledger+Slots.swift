import ReservationCore

extension Ledger {
    func createSlot(_ draft: SlotDraft, now: Instant) throws(StorageFailure) -> Outcome {
        guard let state = organizations[draft.organization] else { return .refused(.organizationNotFound) }
        guard let slot = try insert(draft, zone: state.zone, now: now) else {
            return .refused(.alreadyExists("A slot on \(draft.date) at \(draft.startTime)"))
        }
        return .slots([slot], more: false)
    }

    func generate(_ plan: SlotPlan, now: Instant) throws(StorageFailure) -> Outcome {
        guard let state = organizations[plan.organization] else { return .refused(.organizationNotFound) }
        var created = 0
        var existing = 0
        for day in plan.from.dayNumber...plan.to.dayNumber {
            guard let date = CalendarDate(dayNumber: Int(day)), plan.weekdays.contains(date.weekday) else { continue }
            for time in plan.times {
                let draft = SlotDraft(
                    organization: plan.organization, date: date, startTime: time.start, endTime: time.end, totalCapacity: plan.totalCapacity
                )
                if try insert(draft, zone: state.zone, now: now) == nil { existing += 1 } else { created += 1 }
            }
        }
        return .generated(created: created, existing: existing)
    }

    /// - Returns: nil when there is a slot at that time already.
    private func insert(_ draft: SlotDraft, zone: TimeZoneRules, now: Instant) throws(StorageFailure) -> Slot? {
        guard let id = try store.insertSlot(draft, now: now) else { return nil }
        hasWritten = true
        structureChanged = true
        touchedSlots.insert(id)
        let slot = Slot(
            id: id, organization: draft.organization, date: draft.date, startTime: draft.startTime, endTime: draft.endTime,
            startsAt: zone.instant(of: draft.date, draft.startTime), totalCapacity: draft.totalCapacity, bookedCount: 0, status: .active,
            createdAt: now, updatedAt: now)
        slots.insert(slot)
        happened.append(PortalEvent(.slotCreated, organization: slot.organization, slot: slot.id))
        return slot
    }

    func list(_ query: SlotQuery) -> Outcome {
        let (page, more) = slots.page(query)
        return .slots(page, more: more)
    }

    func setOpen(_ open: Bool, slot id: SlotID, from caller: Caller, now: Instant) throws(StorageFailure) -> Outcome {
        guard let slot = slots[id] else { return .refused(.slotNotFound) }
        let changed = BookingRules.setting(slot, open: open, now: now)
        change(changed, was: slot)
        if changed.status != slot.status {
            try note(open ? .slotOpened : .slotClosed, on: changed, from: caller, now: now)
        }
        return .slots([changed], more: false)
    }

    private func note(
        _ action: HistoryAction, on slot: Slot, from caller: Caller, now: Instant, detail: String? = nil
    ) throws(StorageFailure) {
        try remember(
            HistoryNote(at: now, action: action, caller: caller, organization: slot.organization, slot: slot.id, detail: detail))
    }

    func setCapacity(_ capacity: Int, slot id: SlotID, from caller: Caller, now: Instant) throws(StorageFailure) -> Outcome {
        guard let slot = slots[id] else { return .refused(.slotNotFound) }
        guard let changed = BookingRules.resizing(slot, to: capacity, now: now) else {
            return .refused(.capacityBelowBooked(booked: slot.bookedCount))
        }
        change(changed, was: slot)
        if changed.totalCapacity != slot.totalCapacity {
            try note(.slotCapacitySet, on: changed, from: caller, now: now, detail: "from \(slot.totalCapacity) to \(capacity)")
        }
        return .slots([changed], more: false)
    }
}
