/// The rule a zone follows for ever, in the form of the POSIX `TZ` variable (`CET-1CEST,M3.5.0,M10.5.0/3`), as RFC 9636 extends it.
struct PosixTimeZone: Sendable, Equatable {
    private var standardOffset: Int64
    fileprivate var daylight: Daylight?

    fileprivate struct Daylight: Sendable, Equatable {
        var offset: Int64
        var start: YearlyMoment
        var end: YearlyMoment
    }

    /// A day of any year and a time on it, which may lie up to a week before or after.
    fileprivate struct YearlyMoment: Sendable, Equatable {
        enum Day: Sendable, Equatable {
            /// `Jn`: day 1 ... 365, 29 February never counted.
            case julian(Int)
            /// `n`: day 0 ... 365, 29 February counted.
            case ordinal(Int)
            /// `Mm.w.d`: weekday d (0 is Sunday) of week w (5 is the last) of month m.
            case weekday(month: Int, week: Int, weekday: Int)
        }
        var day: Day
        var clock: Int64
    }

    init?(_ text: ArraySlice<UInt8>) {
        var scanner = Scanner(rest: text)
        guard scanner.skipName(), let west = scanner.duration() else { return nil }
        standardOffset = -west
        guard !scanner.rest.isEmpty else { return }
        guard scanner.skipName() else { return nil }
        var offset = standardOffset + 3600
        if scanner.rest.first != 0x2C {
            guard let west = scanner.duration() else { return nil }
            offset = -west
        }
        guard let start = scanner.moment(), let end = scanner.moment(), scanner.rest.isEmpty else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    /// Seconds east of UTC in force at `seconds` since 1970.
    func offset(at seconds: Int64) -> Int64 {
        guard let daylight else { return standardOffset }
        let local = seconds + standardOffset
        let year = Self.year(ofDay: Int((local >= 0 ? local : local - 86_399) / 86_400))
        // A moment is told on the clock that is in force before it.
        let start = daylight.start.seconds(in: year) - standardOffset
        let end = daylight.end.seconds(in: year) - daylight.offset
        let isDaylight = start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end
        return isDaylight ? daylight.offset : standardOffset
    }

    private static func year(ofDay day: Int) -> Int {
        var year = 1970 + Int((Double(day) / 365.2425).rounded(.down))
        while CalendarDate.days(year: year + 1, month: 1, day: 1) <= day { year += 1 }
        while CalendarDate.days(year: year, month: 1, day: 1) > day { year -= 1 }
        return year
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>

        mutating func skip(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest.removeFirst()
            return true
        }

        /// Three or more letters, or anything in angle brackets.
        mutating func skipName() -> Bool {
            if skip(0x3C) {
                guard let close = rest.firstIndex(of: 0x3E) else { return false }
                rest = rest[(close + 1)...]
                return true
            }
            let name = rest.prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
            rest = rest.dropFirst(name.count)
            return name.count >= 3
        }

        mutating func number() -> Int? {
            let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
            rest = rest.dropFirst(digits.count)
            return digits.count <= 4 ? decimal(digits) : nil
        }

        /// `[+-]hh[:mm[:ss]]`, hours up to 167.
        mutating func duration() -> Int64? {
            let sign: Int64 = skip(0x2D) ? -1 : 1
            if sign == 1 { _ = skip(0x2B) }
            guard let hours = number(), hours <= 167 else { return nil }
            var seconds = Int64(hours) * 3600
            for unit in [60, 1] as [Int64] where skip(0x3A) {
                guard let part = number(), part <= 59 else { return nil }
                seconds += Int64(part) * unit
            }
            return sign * seconds
        }

        mutating func moment() -> YearlyMoment? {
            guard skip(0x2C), let day = day() else { return nil }
            guard skip(0x2F) else { return YearlyMoment(day: day, clock: 7200) }
            return duration().map { YearlyMoment(day: day, clock: $0) }
        }

        mutating func day() -> YearlyMoment.Day? {
            if skip(0x4A) { return number().flatMap { (1...365).contains($0) ? .julian($0) : nil } }
            guard skip(0x4D) else { return number().flatMap { $0 <= 365 ? .ordinal($0) : nil } }
            guard let month = number(), (1...12).contains(month), skip(0x2E),
                let week = number(), (1...5).contains(week), skip(0x2E), let weekday = number(), weekday <= 6
            else { return nil }
            return .weekday(month: month, week: week, weekday: weekday)
        }
    }
}

extension PosixTimeZone.YearlyMoment {
    /// Seconds since 1970 on the local clock.
    fileprivate func seconds(in year: Int) -> Int64 {
        let newYear = CalendarDate.days(year: year, month: 1, day: 1)
        let dayNumber: Int
        switch day {
        case .julian(let day):
            let leapDay = CalendarDate.daysInMonth(year: year, month: 2) == 29 && day >= 60 ? 1 : 0
            dayNumber = newYear + day - 1 + leapDay
        case .ordinal(let day):
            dayNumber = newYear + day
        case .weekday(let month, let week, let weekday):
            let first = CalendarDate.days(year: year, month: month, day: 1)
            // 1970-01-01 was a Thursday, 4 with Sunday as 0.
            let firstWeekday = ((first + 4) % 7 + 7) % 7
            var day = first + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            if day >= first + CalendarDate.daysInMonth(year: year, month: month) { day -= 7 }
            dayNumber = day
        }
        return Int64(dayNumber) * 86_400 + clock
    }
}
