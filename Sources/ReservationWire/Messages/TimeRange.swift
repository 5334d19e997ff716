import ReservationCore

/// From when to when a generated slot lasts.
package struct TimeRange: WireMessage {
    /// On the clock of the organisation's time zone.
    package var startTime: TimeOfDay
    /// On the clock of the organisation's time zone.
    package var endTime: TimeOfDay

    package init(startTime: TimeOfDay, endTime: TimeOfDay) {
        self.startTime = startTime
        self.endTime = endTime
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        startTime = try reader.time(.startTime)
        endTime = try reader.time(.endTime)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.startTime, startTime)
        writer.write(.endTime, endTime)
    }
}
