/// A day of the Gregorian calendar without a time zone, years 2000 to 2199.
package struct CalendarDate: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01.
    package let dayNumber: Int32

    /// - Returns: nil when there is no such day (30 February) or the year lies outside 2000 ... 2199.
    package init?(year: Int, month: Int, day: Int) {
        guard (2000...2199).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysInMonth(year: year, month: month)
        else { return nil }
        self.dayNumber = Int32(Self.days(year: year, month: month, day: day))
    }

    /// - Returns: nil outside the years 2000 ... 2199.
    package init?(dayNumber: Int) {
        guard dayNumber >= 10_957, dayNumber < 84_006 else { return nil }
        self.dayNumber = Int32(dayNumber)
    }

    /// - Parameter text: exactly `YYYY-MM-DD`.
    package init?(_ text: some StringProtocol) {
        self.init(ascii: text.utf8)
    }

    /// - Parameter ascii: exactly the ten bytes of `YYYY-MM-DD`.
    package init?(ascii: some Collection<UInt8>) {
        let bytes = Array(ascii)
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D,
            let year = decimal(bytes[0..<4]), let month = decimal(bytes[5..<7]), let day = decimal(bytes[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Year, month 1 ... 12, day 1 ... 31.
    package var components: (year: Int, month: Int, day: Int) {
        // Hinnant's civil_from_days: eras of 400 years that begin on 1 March.
        let shifted = Int(dayNumber) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    package var month: YearMonth {
        let parts = components
        return YearMonth(uncheckedYear: parts.year, month: parts.month)
    }

    package var weekday: Weekday { Weekday(dayNumber: Int(dayNumber)) }

    package func adding(days: Int) -> CalendarDate? { CalendarDate(dayNumber: Int(dayNumber) + days) }

    package static func < (left: Self, right: Self) -> Bool { left.dayNumber < right.dayNumber }

    /// The ten bytes of `YYYY-MM-DD`, handed over without making a string.
    package func withASCII<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let (year, month, day) = components
        return withUnsafeTemporaryAllocation(byteCount: 10, alignment: 1) { buffer in
            put(year, digits: 4, in: buffer, at: 0)
            buffer[4] = 0x2D
            put(month, digits: 2, in: buffer, at: 5)
            buffer[7] = 0x2D
            put(day, digits: 2, in: buffer, at: 8)
            return body(UnsafeRawBufferPointer(buffer))
        }
    }

    package var description: String { withASCII { String(decoding: $0, as: UTF8.self) } }

    static func days(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Reads ASCII digits only; the caller bounds their number.
func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
        guard digit >= 0x30, digit <= 0x39 else { return nil }
        value = value * 10 + Int(digit - 0x30)
    }
    return digits.isEmpty ? nil : value
}

func put(_ value: Int, digits: Int, in buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
    var rest = value
    for position in stride(from: offset + digits - 1, through: offset, by: -1) {
        buffer[position] = UInt8(0x30 + rest % 10)
        rest /= 10
    }
}
