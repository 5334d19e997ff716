import ReservationCore

/// A time that no clock of the organisation shows on that day, because clocks are put forward.
package struct MissingTime: WireMessage {
    /// The day.
    package var date: CalendarDate
    /// As it was asked for.
    package var startTime: TimeOfDay
    /// As it was asked for.
    package var endTime: TimeOfDay

    package init(date: CalendarDate, startTime: TimeOfDay, endTime: TimeOfDay) {
        self.date = date
        self.startTime = startTime
        self.endTime = endTime
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        date = try reader.date(.date)
        startTime = try reader.time(.startTime)
        endTime = try reader.time(.endTime)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.date, date)
        writer.write(.startTime, startTime)
        writer.write(.endTime, endTime)
    }
}
