import ReservationCore

/// A slot with everything there is to know about it.
package struct SlotMessage: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// The slot.
    package var slotID: UInt64
    /// The registry's word, `ACTIVATED` or `FULL` for instance.
    package var status: String
    /// The day, in the organisation's time zone.
    package var date: CalendarDate
    /// On the clock of the organisation's time zone.
    package var startTime: TimeOfDay
    /// On the clock of the organisation's time zone.
    package var endTime: TimeOfDay
    /// `date` and `start_time` as a moment, judged in the organisation's time zone.
    package var startsAt: Instant
    /// How many places there are.
    package var totalCapacity: UInt64
    /// How many places are taken.
    package var bookedCount: UInt64
    /// When it was made.
    package var createdAt: Instant
    /// When it was last changed.
    package var updatedAt: Instant

    package init(
        orq: UInt64, slotID: UInt64, status: String, date: CalendarDate, startTime: TimeOfDay, endTime: TimeOfDay, startsAt: Instant,
        totalCapacity: UInt64, bookedCount: UInt64, createdAt: Instant, updatedAt: Instant
    ) {
        self.orq = orq
        self.slotID = slotID
        self.status = status
        self.date = date
        self.startTime = startTime
        self.endTime = endTime
        self.startsAt = startsAt
        self.totalCapacity = totalCapacity
        self.bookedCount = bookedCount
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        slotID = try reader.integer(.slotID)
        status = try reader.string(.status)
        date = try reader.date(.date)
        startTime = try reader.time(.startTime)
        endTime = try reader.time(.endTime)
        startsAt = try reader.instant(.startsAt)
        totalCapacity = try reader.integer(.totalCapacity)
        bookedCount = try reader.integer(.bookedCount)
        createdAt = try reader.instant(.createdAt)
        updatedAt = try reader.instant(.updatedAt)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.slotID, slotID)
        writer.write(.status, status)
        writer.write(.date, date)
        writer.write(.startTime, startTime)
        writer.write(.endTime, endTime)
        writer.write(.startsAt, startsAt)
        writer.write(.totalCapacity, totalCapacity)
        writer.write(.bookedCount, bookedCount)
        writer.write(.createdAt, createdAt)
        writer.write(.updatedAt, updatedAt)
    }
}

extension SlotMessage {
    /// The message of a domain value.
    package init(_ slot: Slot) {
        self.init(
            orq: UInt64(slot.organization.rawValue), slotID: UInt64(slot.id.rawValue), status: slot.status.rawValue, date: slot.date,
            startTime: slot.startTime, endTime: slot.endTime, startsAt: slot.startsAt, totalCapacity: UInt64(slot.totalCapacity),
            bookedCount: UInt64(slot.bookedCount), createdAt: slot.createdAt, updatedAt: slot.updatedAt)
    }
}
