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
    /// `mon` to `sun`; every day if there is none.
    package var weekdays: [String]
    /// The slots of each chosen day.
    package var times: [TimeRange]
    /// Days that are left out.
    package var except: [DateRange]
    /// Whether only to tell what would be made.
    package var dryRun: Bool?

    package init(
        orq: UInt64, totalCapacity: UInt64, dateFrom: CalendarDate, dateTo: CalendarDate, weekdays: [String] = [],
        times: [TimeRange] = [], except: [DateRange] = [], dryRun: Bool? = nil
    ) {
        self.orq = orq
        self.totalCapacity = totalCapacity
        self.dateFrom = dateFrom
        self.dateTo = dateTo
        self.weekdays = weekdays
        self.times = times
        self.except = except
        self.dryRun = dryRun
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        totalCapacity = try reader.integer(.totalCapacity)
        dateFrom = try reader.date(.dateFrom)
        dateTo = try reader.date(.dateTo)
        weekdays = try reader.strings(.weekdays)
        times = try reader.messages(.times, TimeRange.self)
        except = try reader.messages(.except, DateRange.self)
        dryRun = try reader.optionalBool(.dryRun)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.totalCapacity, totalCapacity)
        writer.write(.dateFrom, dateFrom)
        writer.write(.dateTo, dateTo)
        writer.write(.weekdays, weekdays)
        writer.write(.times, times)
        writer.write(.except, except)
        writer.write(.dryRun, dryRun)
    }
}

/// Answers `slots.generate`.
package struct GenerateSlotsResponse: WireMessage {
    /// How many were made, or would be.
    package var createdCount: UInt64
    /// How many were there already.
    package var existingCount: UInt64
    /// Those that were not made since no clock shows their times on their day.
    package var nonexistent: [MissingTime]

    package init(createdCount: UInt64, existingCount: UInt64, nonexistent: [MissingTime] = []) {
        self.createdCount = createdCount
        self.existingCount = existingCount
        self.nonexistent = nonexistent
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        createdCount = try reader.integer(.createdCount)
        existingCount = try reader.integer(.existingCount)
        nonexistent = try reader.messages(.nonexistent, MissingTime.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.createdCount, createdCount)
        writer.write(.existingCount, existingCount)
        writer.write(.nonexistent, nonexistent)
    }
}
