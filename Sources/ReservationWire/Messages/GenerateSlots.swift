import ReservationCore

/// Makes slots for every chosen weekday and time between two dates; those that exist are left alone and counted.
package enum GenerateSlots: Operation {
    package typealias Request = GenerateSlotsRequest
    package typealias Response = GenerateSlotsResponse
    package static var opcode: Opcode { .slotsGenerate }
}

/// Asks for `slots.generate`.
package struct GenerateSlotsRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// How many places there are.
    package var totalCapacity: UInt64
    /// The first day, included.
    package var dateFrom: CalendarDate
    /// The last day, included.
    package var dateTo: CalendarDate
    /// `mon` to `sun`.
    package var weekdays: [String]
    /// The slots of each chosen day.
    package var times: [TimeRange]

    package init(
        orq: UInt64, totalCapacity: UInt64, dateFrom: CalendarDate, dateTo: CalendarDate, weekdays: [String] = [],
        times: [TimeRange] = []
    ) {
        self.orq = orq
        self.totalCapacity = totalCapacity
        self.dateFrom = dateFrom
        self.dateTo = dateTo
        self.weekdays = weekdays
        self.times = times
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        totalCapacity = try reader.integer(.totalCapacity)
        dateFrom = try reader.date(.dateFrom)
        dateTo = try reader.date(.dateTo)
        weekdays = try reader.strings(.weekdays)
        times = try reader.messages(.times, TimeRange.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.totalCapacity, totalCapacity)
        writer.write(.dateFrom, dateFrom)
        writer.write(.dateTo, dateTo)
        writer.write(.weekdays, weekdays)
        writer.write(.times, times)
    }
}

/// Answers `slots.generate`.
package struct GenerateSlotsResponse: WireMessage {
    /// How many were made.
    package var createdCount: UInt64
    /// How many were there already.
    package var existingCount: UInt64

    package init(createdCount: UInt64, existingCount: UInt64) {
        self.createdCount = createdCount
        self.existingCount = existingCount
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        createdCount = try reader.integer(.createdCount)
        existingCount = try reader.integer(.existingCount)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.createdCount, createdCount)
        writer.write(.existingCount, existingCount)
    }
}
