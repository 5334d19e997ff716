import ReservationCore
import Testing

@Suite("Calendar")
struct CalendarTests {
    @Test(
        "known days have known numbers and weekdays",
        arguments: [
            ("2000-01-01", 10_957, Weekday.saturday), ("2000-02-29", 11_016, .tuesday), ("2024-02-29", 19_782, .thursday),
            ("2025-11-14", 20_406, .friday), ("2026-11-23", 20_780, .monday), ("2100-02-28", 47_540, .sunday),
            ("2100-03-01", 47_541, .monday), ("2199-12-31", 84_005, .tuesday),
        ])
    func known(text: String, number: Int32, weekday: Weekday) throws {
        let date = try #require(CalendarDate(text))
        #expect(date.dayNumber == number)
        #expect(date.weekday == weekday)
        #expect(date.description == text)
    }

    @Test("every day of two hundred years is the day after the one before, and reads back as it prints")
    func everyDay() throws {
        var expected = (year: 2000, month: 1, day: 1)
        for number in 10_957..<84_006 {
            let date = try #require(CalendarDate(dayNumber: number))
            #expect(date.components == expected)
            #expect(CalendarDate(date.description) == date)
            let isLeap = expected.year % 4 == 0 && (expected.year % 100 != 0 || expected.year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            expected.day += 1
            if expected.day > lengths[expected.month - 1] { expected = (expected.year, expected.month + 1, 1) }
            if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
        }
        #expect(expected == (2200, 1, 1))
    }

    @Test(
        "what is no day is refused",
        arguments: [
            "", "2025-02-29", "2100-02-29", "2025-04-31", "2025-13-01", "2025-00-10", "2025-01-00", "1999-12-31", "2200-01-01",
            "2025-1-01", "2025-01-1", "2025/01/01", "20250101", "2025-01-01 ", " 2025-01-01", "+025-01-01", "2025-01-0x", "２０２５-01-01",
            "2025-01-01T00:00:00", "-025-01-01", "2025--1-01",
        ])
    func refused(text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test("days are added across months, years and the ends of the range")
    func adding() throws {
        let date = try #require(CalendarDate("2024-02-28"))
        #expect(date.adding(days: 1)?.description == "2024-02-29")
        #expect(date.adding(days: 2)?.description == "2024-03-01")
        #expect(date.adding(days: -59)?.description == "2023-12-31")
        #expect(CalendarDate("2199-12-31")?.adding(days: 1) == nil)
        #expect(CalendarDate("2000-01-01")?.adding(days: -1) == nil)
    }

    @Test("a month has its days", arguments: [("2024-02", 29), ("2100-02", 28), ("2000-02", 29), ("2025-04", 30), ("2025-12", 31)])
    func months(text: String, days: Int) throws {
        let month = try #require(YearMonth(text))
        #expect(month.dayNumbers.count == days)
        #expect(CalendarDate(dayNumber: Int(month.dayNumbers.lowerBound))?.description == "\(text)-01")
        #expect(CalendarDate(dayNumber: Int(month.dayNumbers.upperBound))?.description == "\(text)-\(days)")
        #expect(month.description == text)
        #expect(CalendarDate("\(text)-15")?.month == month)
    }

    @Test(
        "what is no month is refused",
        arguments: ["", "2025", "2025-1", "2025-00", "2025-13", "1999-12", "2200-01", "2025-01-01", "2025/01", "x025-01"])
    func refusedMonths(text: String) {
        #expect(YearMonth(text) == nil)
    }

    @Test("months are in the order of time")
    func monthOrder() throws {
        let months = try ["2024-12", "2025-01", "2025-11"].map { try #require(YearMonth($0)) }
        #expect(months.shuffled().sorted() == months)
    }

    @Test("every second of a day reads back as it prints")
    func everySecond() throws {
        for seconds in 0..<86_400 {
            let time = try #require(TimeOfDay(hour: seconds / 3600, minute: seconds / 60 % 60, second: seconds % 60))
            #expect(Int(time.seconds) == seconds)
            #expect(TimeOfDay(time.description) == time)
        }
        #expect(TimeOfDay("09:05:07")?.description == "09:05:07")
    }

    @Test(
        "what is no time is refused",
        arguments: [
            "", "12:00", "24:00:00", "12:60:00", "12:00:60", "1:00:00", "12:00:00 ", "12-00-00", "12:00:0x", "-1:00:00", "１２:00:00",
        ])
    func refusedTimes(text: String) {
        #expect(TimeOfDay(text) == nil)
    }

    @Test("operators may leave out the seconds")
    func typed() {
        #expect(TimeOfDay(typed: "14:30")?.description == "14:30:00")
        #expect(TimeOfDay(typed: "14:30:15")?.description == "14:30:15")
        #expect(TimeOfDay(typed: "1430") == nil)
        #expect(TimeOfDay(typed: "24:00") == nil)
    }

    @Test(
        "instants print as RFC 3339",
        arguments: [
            (946_684_800, "2000-01-01T00:00:00Z"), (1_760_000_000, "2025-10-09T08:53:20Z"), (7_258_118_399, "2199-12-31T23:59:59Z"),
        ]
            as [(Int64, String)])
    func iso8601(seconds: Int64, text: String) {
        #expect(Instant(seconds: seconds).iso8601 == text)
    }

    @Test("instants out of the calendar's range still print", arguments: [-1, 946_684_799, 7_258_118_400] as [Int64])
    func beyond(seconds: Int64) {
        #expect(Instant(seconds: seconds).iso8601 == "@\(seconds)")
    }
}
