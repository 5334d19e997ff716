import ReservationCore

/// Days in a row, such as are left out of a calendar.
package struct DateRange: WireMessage {
    /// The first day.
    package var dateFrom: CalendarDate
    /// The last day, included.
    package var dateTo: CalendarDate

    package init(dateFrom: CalendarDate, dateTo: CalendarDate) {
        self.dateFrom = dateFrom
        self.dateTo = dateTo
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        dateFrom = try reader.date(.dateFrom)
        dateTo = try reader.date(.dateTo)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.dateFrom, dateFrom)
        writer.write(.dateTo, dateTo)
    }
}
