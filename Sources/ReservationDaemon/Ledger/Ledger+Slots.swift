import ReservationCore

extension Ledger {
    func createSlot(_ draft: SlotDraft, from caller: Caller, now: Instant) throws(StorageFailure) -> Outcome {
        guard let state = organizations[draft.organization] else { return .refused(.organizationNotFound) }
        guard Self.isShown(draft, by: state.zone) else {
            return .refused(
                .invalidRequest([
                    FieldProblem(
                        field: "start_time",
                        message: "clocks in \(state.organization.timeZone) are put forward on \(draft.date) and do not show these times")
                ]))
        }
        guard let slot = try insert(draft, zone: state.zone, from: caller, now: now) else {
            return .refused(.alreadyExists("A slot on \(draft.date) at \(draft.startTime)"))
        }
        return .slots([slot], more: false)
    }

    func generate(_ plan: SlotPlan, from caller: Caller, now: Instant) throws(StorageFailure) -> Outcome {
        guard let state = organizations[plan.organization] else { return .refused(.organizationNotFound) }
        var created = 0
        var existing = 0
        var missing: [MissingSlotTime] = []
        for day in plan.from.dayNumber...plan.to.dayNumber {
            guard let date = CalendarDate(dayNumber: Int(day)), plan.weekdays.contains(date.weekday),
                !plan.exceptions.contains(where: { $0.contains(date) })
            else { continue }
            let there = plan.isDryRun ? Set(slots.slots(of: plan.organization, on: day...day).map(\.startTime)) : []
            var planned: Set<TimeOfDay> = []
            for time in plan.times {
                let draft = SlotDraft(
                    organization: plan.organization, date: date, startTime: time.start, endTime: time.end, totalCapacity: plan.totalCapacity
                )
                guard Self.isShown(draft, by: state.zone) else {
                    missing.append(MissingSlotTime(date: date, start: time.start, end: time.end))
                    continue
                }
                let isNew =
                    try plan.isDryRun
                    ? !there.contains(time.start) && planned.insert(time.start).inserted
                    : insert(draft, zone: state.zone, from: caller, now: now) != nil
                if isNew { created += 1 } else { existing += 1 }
            }
        }
        return .generated(created: created, existing: existing, missing: missing)
    }

    /// Whether the clocks show when it begins, and the last second of it.
    private static func isShown(_ draft: SlotDraft, by zone: TimeZoneRules) -> Bool {
        guard zone.shows(draft.startTime, on: draft.date) else { return false }
        let last = TimeOfDay(seconds: draft.endTime.seconds - 1) ?? draft.endTime
        return zone.shows(last, on: draft.date)
    }

    /// - Returns: nil when there is a slot at that time already.
    private func insert(
        _ draft: SlotDraft, zone: TimeZoneRules, from caller: Caller, now: Instant
    ) throws(StorageFailure) -> Slot? {
        guard let id = try store.insertSlot(draft, now: now) else { return nil }
        hasWritten = true
        structureChanged = true
        touchedSlots.insert(id)
        let slot = Slot(
            id: id, organization: draft.organization, date: draft.date, startTime: draft.startTime, endTime: draft.endTime,
            startsAt: zone.instant(of: draft.date, draft.startTime), totalCapacity: draft.totalCapacity, bookedCount: 0, status: .active,
            createdAt: now, updatedAt: now)
        slots.insert(slot)
        try note(.slotCreated, on: slot, from: caller, now: now, detail: Self.description(of: slot))
        return slot
    }

    func list(_ query: SlotQuery) -> Outcome {
        let (page, more) = slots.page(query)
        return .slots(page, more: more)
    }

    func setOpen(
        _ open: Bool, slot id: SlotID, reason: String?, from caller: Caller, now: Instant
    ) throws(StorageFailure) -> Outcome {
        guard let slot = slots[id] else { return .refused(.slotNotFound) }
        let changed = BookingRules.setting(slot, open: open, now: now)
        change(changed, was: slot)
        if changed.status != slot.status {
            try note(open ? .slotOpened : .slotClosed, on: changed, from: caller, now: now, reason: reason)
        }
        return .slots([changed], more: false)
    }

    func note(
        _ action: HistoryAction, on slot: Slot, from caller: Caller, now: Instant, detail: String? = nil, reason: String? = nil
    ) throws(StorageFailure) {
        try remember(
            HistoryNote(
                at: now, action: action, caller: caller, organization: slot.organization, slot: slot.id, reason: reason, detail: detail))
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
