import ReservationCore

/// Makes one slot.
package enum CreateSlot: Operation {
    package typealias Request = CreateSlotRequest
    package typealias Response = CreateSlotResponse
    package static var opcode: Opcode { .slotsCreate }
}

/// Asks for `slots.create`.
package struct CreateSlotRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// The day, in the organisation's time zone.
    package var date: CalendarDate
    /// On the clock of the organisation's time zone.
    package var startTime: TimeOfDay
    /// On the clock of the organisation's time zone.
    package var endTime: TimeOfDay
    /// How many places there are.
    package var totalCapacity: UInt64

    package init(orq: UInt64, date: CalendarDate, startTime: TimeOfDay, endTime: TimeOfDay, totalCapacity: UInt64) {
        self.orq = orq
        self.date = date
        self.startTime = startTime
        self.endTime = endTime
        self.totalCapacity = totalCapacity
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        date = try reader.date(.date)
        startTime = try reader.time(.startTime)
        endTime = try reader.time(.endTime)
        totalCapacity = try reader.integer(.totalCapacity)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.date, date)
        writer.write(.startTime, startTime)
        writer.write(.endTime, endTime)
        writer.write(.totalCapacity, totalCapacity)
    }
}

/// Answers `slots.create`.
package struct CreateSlotResponse: WireMessage {
    /// The slots, as they are now.
    package var slots: [SlotMessage]

    package init(slots: [SlotMessage] = []) {
        self.slots = slots
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        slots = try reader.messages(.slots, SlotMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.slots, slots)
    }
}
