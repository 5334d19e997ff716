import ReservationCore

@testable import ReservationDaemon

/// Slots that are opened, closed or removed by the dozen; one request of the model's world always sees to all of them.
extension ReferenceModel {
    mutating func apply(_ command: CalendarCommand) -> Prediction {
        switch command {
        case .setOpen(let open, let selection, let occasion):
            guard organization(selection.organization) != nil else { return .refused(.organizationNotFound) }
            let wanted = chosen(selection)
            let other = wanted.filter { $0.isClosed == open }
            if !occasion.isDryRun {
                for slot in other { _ = setOpen(open, slot: slot.id, reason: occasion.reason) }
            }
            return .slotsChanged(other.count, unchanged: wanted.count - other.count)
        case .deleteOne(let id, let occasion):
            guard let slot = slot(id) else { return .refused(.slotNotFound) }
            guard !isReferred(slot) else { return .refused(.slotInUse(live: slot.booked)) }
            if !occasion.isDryRun { delete(slot, occasion) }
            return .slotsDeleted(1, inUse: 0)
        case .delete(let selection, let occasion):
            guard organization(selection.organization) != nil else { return .refused(.organizationNotFound) }
            let wanted = chosen(selection)
            let unused = wanted.filter { !isReferred($0) }
            if !occasion.isDryRun {
                for slot in unused { delete(slot, occasion) }
            }
            return .slotsDeleted(unused.count, inUse: wanted.count - unused.count)
        }
    }

    private func chosen(_ selection: SlotSelection) -> [ModelSlot] {
        tables.slots.filter { slot in
            // The vocabulary's first day is a Monday.
            let weekday = Weekday.allCases[Int(slot.date.dayNumber - words.days[0].dayNumber) % 7]
            return slot.organization == selection.organization && selection.from <= slot.date && slot.date <= selection.to
                && selection.weekdays.contains(weekday)
                && (selection.times.isEmpty || selection.times.contains { $0.start == slot.start && $0.end == slot.end })
                && (selection.after.map { $0 < slot.id } ?? true)
        }
    }

    /// By a reservation of any status; one that was moved away does not.
    private func isReferred(_ slot: ModelSlot) -> Bool { tables.reservations.contains { $0.slot == slot.id } }

    private mutating func delete(_ slot: ModelSlot, _ occasion: SlotOccasion) {
        tables.slots.removeAll { $0.id == slot.id }
        tables.removedSlots.append(slot)
        tables.history.append(
            ModelNote(action: .slotDeleted, at: now, organization: slot.organization, slot: slot.id, reason: occasion.reason))
    }
}
