import ReservationCore

extension Instant {
    /// `Wed, 25 Nov 2026 12:00:00 +0000` (RFC 5322, section 3.3), which is also how HTTP writes dates but for the zone.
    var messageDate: String {
        let parts = utc
        let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][Self.weekdayIndex(parts.date)]
        let (year, month, day) = parts.date.components
        return "\(weekday), \(day) \(Self.months[month - 1]) \(year) \(parts.time) +0000"
    }

    /// `20261125T120000Z` (RFC 5545, section 3.3.5, form 2).
    var calendarDateTime: String {
        let parts = utc
        return "\(parts.date)T\(parts.time)Z".filter { $0 != "-" && $0 != ":" }
    }

    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func weekdayIndex(_ date: CalendarDate) -> Int { (Int(date.dayNumber) + 3) % 7 }

    private var utc: (date: CalendarDate, time: TimeOfDay) {
        // Held within the years that a calendar date knows: no reservation lies outside.
        let held = min(max(seconds, 946_684_800), 7_258_118_399)
        let (day, rest) = Int(held).quotientAndRemainder(dividingBy: 86_400)
        guard let date = CalendarDate(dayNumber: day), let time = TimeOfDay(hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60)
        else { preconditionFailure("every second of these years has a date and a time") }
        return (date, time)
    }
}
