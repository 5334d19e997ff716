import ReservationCore

/// Which months have slots, from the current one on.
package enum SlotMonths: Operation {
    package typealias Request = SlotMonthsRequest
    package typealias Response = SlotMonthsResponse
    package static var opcode: Opcode { .slotsMonths }
}

/// Asks for `slots.months`.
package struct SlotMonthsRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64

    package init(orq: UInt64) {
        self.orq = orq
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
    }
}

/// Answers `slots.months`.
package struct SlotMonthsResponse: WireMessage {
    /// Today, in the organisation's time zone.
    package var date: CalendarDate
    /// IANA name, `Europe/Berlin`.
    package var timeZone: String
    /// In ascending order; months without a slot are left out.
    package var months: [MonthSummary]

    package init(date: CalendarDate, timeZone: String, months: [MonthSummary] = []) {
        self.date = date
        self.timeZone = timeZone
        self.months = months
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        date = try reader.date(.date)
        timeZone = try reader.string(.timeZone)
        months = try reader.messages(.months, MonthSummary.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.date, date)
        writer.write(.timeZone, timeZone)
        writer.write(.months, months)
    }
}
