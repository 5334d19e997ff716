import ReservationCore

/// When a slot takes place.
package struct SlotTime: WireMessage {
    /// The day, in the organisation's time zone.
    package var date: CalendarDate
    /// On the clock of the organisation's time zone.
    package var startTime: TimeOfDay
    /// On the clock of the organisation's time zone.
    package var endTime: TimeOfDay
    /// `date` and `start_time` as a moment, judged in the organisation's time zone.
    package var startsAt: Instant

    package init(date: CalendarDate, startTime: TimeOfDay, endTime: TimeOfDay, startsAt: Instant) {
        self.date = date
        self.startTime = startTime
        self.endTime = endTime
        self.startsAt = startsAt
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        date = try reader.date(.date)
        startTime = try reader.time(.startTime)
        endTime = try reader.time(.endTime)
        startsAt = try reader.instant(.startsAt)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.date, date)
        writer.write(.startTime, startTime)
        writer.write(.endTime, endTime)
        writer.write(.startsAt, startsAt)
    }
}

extension SlotTime {
    /// The message of a domain value.
    package init(_ slot: Slot) {
        self.init(date: slot.date, startTime: slot.startTime, endTime: slot.endTime, startsAt: slot.startsAt)
    }
}
