import ReservationCore

/// Another slot, offered where the wanted one is full.
package struct AlternativeSlot: WireMessage {
    /// The slot.
    package var slotID: UInt64
    /// The day, in the organisation's time zone.
    package var date: CalendarDate
    /// On the clock of the organisation's time zone.
    package var startTime: TimeOfDay
    /// On the clock of the organisation's time zone.
    package var endTime: TimeOfDay
    /// How many places there are.
    package var totalCapacity: UInt64
    /// How many places are taken.
    package var bookedCount: UInt64

    package init(
        slotID: UInt64, date: CalendarDate, startTime: TimeOfDay, endTime: TimeOfDay, totalCapacity: UInt64, bookedCount: UInt64
    ) {
        self.slotID = slotID
        self.date = date
        self.startTime = startTime
        self.endTime = endTime
        self.totalCapacity = totalCapacity
        self.bookedCount = bookedCount
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        slotID = try reader.integer(.slotID)
        date = try reader.date(.date)
        startTime = try reader.time(.startTime)
        endTime = try reader.time(.endTime)
        totalCapacity = try reader.integer(.totalCapacity)
        bookedCount = try reader.integer(.bookedCount)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.slotID, slotID)
        writer.write(.date, date)
        writer.write(.startTime, startTime)
        writer.write(.endTime, endTime)
        writer.write(.totalCapacity, totalCapacity)
        writer.write(.bookedCount, bookedCount)
    }
}

extension AlternativeSlot {
    /// The message of a domain value.
    package init(_ slot: Slot) {
        self.init(
            slotID: UInt64(slot.id.rawValue), date: slot.date, startTime: slot.startTime, endTime: slot.endTime,
            totalCapacity: UInt64(slot.totalCapacity), bookedCount: UInt64(slot.bookedCount))
    }
}
