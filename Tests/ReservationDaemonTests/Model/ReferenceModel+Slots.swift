import ReservationCore

@testable import ReservationDaemon

extension ReferenceModel {
    func slot(_ id: SlotID) -> ModelSlot? { tables.slots.first { $0.id == id } }

    mutating func createSlot(_ draft: SlotDraft) -> Prediction {
        guard organization(draft.organization) != nil else { return .refused(.organizationNotFound) }
        guard let slot = addSlot(draft) else { return .refused(.alreadyExists("")) }
        return .slots([slot.shown], more: false)
    }

    mutating func generate(_ plan: SlotPlan) -> Prediction {
        guard organization(plan.organization) != nil else { return .refused(.organizationNotFound) }
        let hadStored = hasStored
        var (created, existing) = (0, 0)
        let before = tables
        defer {
            // Nothing of it was to be stored.
            if plan.isDryRun { (tables, hasStored) = (before, hadStored) }
        }
        for (day, date) in words.days.enumerated() where plan.from <= date && date <= plan.to {
            // The vocabulary's first day is a Monday.
            guard plan.weekdays.contains(Weekday.allCases[day % 7]), !plan.exceptions.contains(where: { $0.contains(date) }) else {
                continue
            }
            for time in plan.times {
                let draft = SlotDraft(
                    organization: plan.organization, date: date, startTime: time.start, endTime: time.end,
                    totalCapacity: plan.totalCapacity)
                if addSlot(draft) == nil { existing += 1 } else { created += 1 }
            }
        }
        return .generated(created: created, existing: existing)
    }

    /// One slot an organisation, date and start time; nil where there is one.
    private mutating func addSlot(_ draft: SlotDraft) -> ModelSlot? {
        let isTaken = tables.slots.contains {
            $0.organization == draft.organization && $0.date == draft.date && $0.start == draft.startTime
        }
        guard !isTaken, let id = nextSlot, let offset = organization(draft.organization)?.offset else { return nil }
        let startsAt = Int64(draft.date.dayNumber) * 86_400 + Int64(draft.startTime.seconds) - offset
        let slot = ModelSlot(
            id: id, organization: draft.organization, date: draft.date, start: draft.startTime, end: draft.endTime,
            startsAt: Instant(seconds: startsAt), capacity: draft.totalCapacity, createdAt: now, updatedAt: now)
        tables.slots.append(slot)
        tables.lastSlot = id.rawValue
        tables.history.append(ModelNote(action: .slotCreated, at: now, organization: slot.organization, slot: id))
        return slot
    }

    var nextSlot: SlotID? { SlotID(tables.lastSlot + 1) }

    mutating func setOpen(_ open: Bool, slot id: SlotID, reason: String? = nil) -> Prediction {
        guard let place = tables.slots.firstIndex(where: { $0.id == id }) else { return .refused(.slotNotFound) }
        let before = tables.slots[place].shown.status
        tables.slots[place].isClosed = !open
        if tables.slots[place].shown.status != before {
            tables.history.append(
                ModelNote(
                    action: open ? .slotOpened : .slotClosed, at: now, organization: tables.slots[place].organization, slot: id,
                    reason: reason))
        }
        tables.slots[place].updatedAt = now
        return .slots([tables.slots[place].shown], more: false)
    }

    mutating func setCapacity(_ capacity: Int, slot id: SlotID) -> Prediction {
        guard let place = tables.slots.firstIndex(where: { $0.id == id }) else { return .refused(.slotNotFound) }
        let booked = tables.slots[place].booked
        if capacity < booked { return .refused(.capacityBelowBooked(booked: booked)) }
        if tables.slots[place].capacity != capacity {
            tables.history.append(
                ModelNote(action: .slotCapacitySet, at: now, organization: tables.slots[place].organization, slot: id))
        }
        tables.slots[place].capacity = capacity
        tables.slots[place].updatedAt = now
        return .slots([tables.slots[place].shown], more: false)
    }

    func list(_ query: SlotQuery) -> Prediction {
        let all = tables.slots.filter { slot in
            (query.organization == nil || slot.organization == query.organization) && (query.from.map { $0 <= slot.date } ?? true)
                && (query.to.map { slot.date <= $0 } ?? true) && (query.after.map { $0 < slot.id } ?? true)
        }
        return .slots(all.prefix(query.limit).map(\.shown), more: all.count > query.limit)
    }

    /// Full slots are listed, closed ones are not; in start order.
    func available(_ period: Period, in id: OrganizationID) -> Prediction {
        guard let organization = organization(id) else { return .refused(.organizationNotFound) }
        let month: YearMonth
        var onlyDate: CalendarDate?
        switch period {
        case .date(let date): (month, onlyDate) = (words.june, date)
        case .month(let wanted): month = wanted
        case .currentMonth:
            guard let today = currentMonth(offset: organization.offset) else { return .refused(.resultTooLarge) }
            month = today
        }
        // Every slot lies in June.
        let open = tables.slots.filter { slot in
            slot.organization == id && !slot.isClosed && month == words.june && (onlyDate == nil || slot.date == onlyDate)
        }
        let inOrder = open.sorted { ($0.date, $0.start) < ($1.date, $1.start) }
        return .available(month: month, timeZone: organization.organization.timeZone, slots: inOrder.map(\.shown))
    }

    /// - Returns: nil after the calendar's end, which the clock reaches in one leap.
    func currentMonth(offset: Int64) -> YearMonth? {
        let first = ModelVocabulary.monday - 7 * 86_400
        switch now.seconds + offset {
        case ..<first: return words.neighbours.may
        case ..<(first + 30 * 86_400): return words.june
        case ..<(first + 61 * 86_400): return words.neighbours.july
        default: return nil
        }
    }
}
