import ReservationCore

/// Slots that are opened, closed or removed by the dozen, so many a request that no booking waits for long.
extension Ledger {
    func execute(_ command: CalendarCommand, from caller: Caller, now: Instant) throws(StorageFailure) -> Outcome {
        switch command {
        case .setOpen(let open, let selection, let occasion):
            try setOpen(open, selection, occasion, from: caller, now: now)
        case .deleteOne(let id, let occasion): try deleteOne(id, occasion, from: caller, now: now)
        case .delete(let selection, let occasion): try delete(selection, occasion, from: caller, now: now)
        }
    }

    private func setOpen(
        _ open: Bool, _ selection: SlotSelection, _ occasion: SlotOccasion, from caller: Caller, now: Instant
    ) throws(StorageFailure) -> Outcome {
        guard organizations[selection.organization] != nil else { return .refused(.organizationNotFound) }
        let (chosen, next) = choose(selection)
        var changedCount = 0
        for slot in chosen {
            let changed = BookingRules.setting(slot, open: open, now: now)
            guard changed.status != slot.status else { continue }
            changedCount += 1
            guard !occasion.isDryRun else { continue }
            change(changed, was: slot)
            try note(open ? .slotOpened : .slotClosed, on: changed, from: caller, now: now, reason: occasion.reason)
        }
        return .calendar(.changed(changedCount, unchanged: chosen.count - changedCount, next: next))
    }

    private func deleteOne(
        _ id: SlotID, _ occasion: SlotOccasion, from caller: Caller, now: Instant
    ) throws(StorageFailure) -> Outcome {
        guard let slot = slots[id] else { return .refused(.slotNotFound) }
        guard try isUnused(slot) else { return .refused(.slotInUse(live: slot.bookedCount)) }
        if !occasion.isDryRun { try remove([slot], occasion, from: caller, now: now) }
        return .calendar(.deleted(1, inUse: 0, next: nil))
    }

    private func delete(
        _ selection: SlotSelection, _ occasion: SlotOccasion, from caller: Caller, now: Instant
    ) throws(StorageFailure) -> Outcome {
        guard organizations[selection.organization] != nil else { return .refused(.organizationNotFound) }
        let (chosen, next) = choose(selection)
        var unused: [Slot] = []
        for slot in chosen where try isUnused(slot) { unused.append(slot) }
        if !occasion.isDryRun { try remove(unused, occasion, from: caller, now: now) }
        return .calendar(.deleted(unused.count, inUse: chosen.count - unused.count, next: next))
    }

    /// - Returns: so many as one request sees to, and behind which there may be more.
    private func choose(_ selection: SlotSelection) -> ([Slot], next: SlotID?) {
        var chosen: [Slot] = []
        for slot in slots.fromID(selection.after) where slot.id != selection.after && selection.holds(slot) {
            if chosen.count == Limits.slotsChangedPerRequest { return (chosen, chosen.last?.id) }
            chosen.append(slot)
        }
        return (chosen, nil)
    }

    private func isUnused(_ slot: Slot) throws(StorageFailure) -> Bool {
        guard slot.bookedCount == 0 else { return false }
        return try !store.hasReservations(in: slot.id)
    }

    private func remove(_ unused: [Slot], _ occasion: SlotOccasion, from caller: Caller, now: Instant) throws(StorageFailure) {
        guard !unused.isEmpty else { return }
        for slot in unused {
            try store.removeSlot(slot.id)
            try note(.slotDeleted, on: slot, from: caller, now: now, detail: Self.description(of: slot), reason: occasion.reason)
            touchedSlots.remove(slot.id)
            unwrittenSlots.remove(slot.id)
            // Who watches knows slots that are closed, and none that is gone.
            removedSlots.append(BookingRules.setting(slot, open: false, now: now))
        }
        hasWritten = true
        structureChanged = true
        slots.remove(Set(unused.map(\.id)))
    }

    /// For the history, which outlives it.
    static func description(of slot: Slot) -> String {
        "\(slot.date) \(slot.startTime)-\(slot.endTime), \(slot.totalCapacity) places"
    }
}
