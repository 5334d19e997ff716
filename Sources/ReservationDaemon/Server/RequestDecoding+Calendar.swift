import ReservationCore
import ReservationWire

extension RequestDecoder {
    func setStates(_ body: SetSlotStatesRequest) throws(Problem) -> CalendarCommand {
        guard body.status == SlotStatus.active.rawValue || body.status == SlotStatus.closed.rawValue else {
            throw invalid("status", "must be ACTIVE or CLOSED")
        }
        return .setOpen(
            body.status == SlotStatus.active.rawValue,
            try selection(body.orq, body.dateFrom, body.dateTo, body.weekdays, body.times, after: body.afterSlotID),
            SlotOccasion(reason: try reason(body.reason), isDryRun: body.dryRun ?? false))
    }

    func delete(_ body: DeleteSlotsRequest) throws(Problem) -> CalendarCommand {
        let occasion = SlotOccasion(reason: try reason(body.reason), isDryRun: body.dryRun ?? false)
        if let id = body.slotID {
            let isAlone =
                body.orq == nil && body.dateFrom == nil && body.dateTo == nil && body.weekdays.isEmpty && body.times.isEmpty
                && body.afterSlotID == nil
            guard isAlone else { throw invalid("slot_id", "give either a slot or an organization and dates, not both") }
            return .deleteOne(try identifier(id, "slot_id"), occasion)
        }
        guard let orq = body.orq, let first = body.dateFrom, let last = body.dateTo else {
            throw invalid("slot_id", "give a slot, or an organization with date_from and date_to")
        }
        return .delete(try selection(orq, first, last, body.weekdays, body.times, after: body.afterSlotID), occasion)
    }

    private func selection(
        _ orq: UInt64, _ first: CalendarDate, _ last: CalendarDate, _ weekdays: [String], _ times: [TimeRange], after: UInt64?
    ) throws(Problem) -> SlotSelection {
        guard first <= last else { throw invalid("date_to", "must not lie before date_from") }
        guard times.count <= Limits.slotsChangedPerRequest else { throw invalid("times", "at most \(Limits.slotsChangedPerRequest)") }
        return SlotSelection(
            organization: try organization(orq), from: first, to: last, weekdays: try self.weekdays(weekdays),
            times: times.map { ($0.startTime, $0.endTime) }, after: after.flatMap { SlotID($0) })
    }

    /// All of them where none is named.
    func weekdays(_ names: [String]) throws(Problem) -> Set<Weekday> {
        var weekdays: Set<Weekday> = []
        for text in names {
            guard let weekday = Weekday(rawValue: text) else { throw invalid("weekdays", "must be of mon, tue, wed, thu, fri, sat, sun") }
            weekdays.insert(weekday)
        }
        return weekdays.isEmpty ? Set(Weekday.allCases) : weekdays
    }
}
