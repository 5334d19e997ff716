import ReservationCore

/// The calendar of one month or one day; closed slots are left out.
package enum AvailableSlots: Operation {
    package typealias Request = AvailableSlotsRequest
    package typealias Response = AvailableSlotsResponse
    package static var opcode: Opcode { .slotsAvailable }
}

/// Asks for `slots.available`.
package struct AvailableSlotsRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// One day; not together with `month`.
    package var date: CalendarDate?
    /// `YYYY-MM`; this month when neither is given.
    package var month: String?

    package init(orq: UInt64, date: CalendarDate? = nil, month: String? = nil) {
        self.orq = orq
        self.date = date
        self.month = month
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        date = try reader.optionalDate(.date)
        month = try reader.optionalString(.month)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.date, date)
        writer.write(.month, month)
    }
}

/// Answers `slots.available`.
package struct AvailableSlotsResponse: WireMessage {
    /// `YYYY-MM`.
    package var month: String
    /// IANA name, `Europe/Berlin`.
    package var timeZone: String
    /// The slots, as they are now.
    package var slots: [SlotMessage]

    package init(month: String, timeZone: String, slots: [SlotMessage] = []) {
        self.month = month
        self.timeZone = timeZone
        self.slots = slots
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        month = try reader.string(.month)
        timeZone = try reader.string(.timeZone)
        slots = try reader.messages(.slots, SlotMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.month, month)
        writer.write(.timeZone, timeZone)
        writer.write(.slots, slots)
    }
}
