/// A calendar month, `YYYY-MM`, years 2000 to 2199.
package struct YearMonth: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let year: Int
    /// 1 ... 12.
    package let month: Int

    package init?(year: Int, month: Int) {
        guard (2000...2199).contains(year), (1...12).contains(month) else { return nil }
        self.init(uncheckedYear: year, month: month)
    }

    /// - Parameter text: exactly `YYYY-MM`.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 7, bytes[4] == 0x2D, let year = decimal(bytes[0..<4]), let month = decimal(bytes[5..<7]) else { return nil }
        self.init(year: year, month: month)
    }

    init(uncheckedYear year: Int, month: Int) {
        self.year = year
        self.month = month
    }

    /// From the first to the last day, as numbers of ``CalendarDate/dayNumber``.
    package var dayNumbers: ClosedRange<Int32> {
        let first = Int32(CalendarDate.days(year: year, month: month, day: 1))
        return first...(first + Int32(CalendarDate.daysInMonth(year: year, month: month)) - 1)
    }

    package static func < (left: Self, right: Self) -> Bool { (left.year, left.month) < (right.year, right.month) }

    package var description: String { "\(year)-\(month < 10 ? "0" : "")\(month)" }
}

/// A day of the week; its raw value is the three-letter English abbreviation that operators type.
package enum Weekday: String, CaseIterable, Sendable {
    case monday = "mon"
    case tuesday = "tue"
    case wednesday = "wed"
    case thursday = "thu"
    case friday = "fri"
    case saturday = "sat"
    case sunday = "sun"

    /// - Parameter dayNumber: days since 1970-01-01, a Thursday.
    init(dayNumber: Int) {
        let index = (dayNumber + 3) % 7
        self = Weekday.allCases[index < 0 ? index + 7 : index]
    }
}
