import ReservationCore
import Testing

@testable import ReservationMailer

@Suite("Languages")
struct LanguageTests {
    @Test(
        "dates and times are in the language's manner",
        arguments: [
            ("en", "Sunday, 1 November 2026", "9:05\u{A0}AM – 12:00\u{A0}PM"),
            ("de", "Sonntag, 1. November 2026", "09:05 – 12:00\u{A0}Uhr"),
            ("es", "domingo, 1 de noviembre de 2026", "09:05 – 12:00\u{A0}h"),
            ("fr", "dimanche 1er novembre 2026", "9\u{A0}h\u{A0}05 – 12\u{A0}h"),
        ])
    func manner(tag: String, date: String, range: String) throws {
        let visit = try SampleDelivery.make(date: "2026-11-01", start: "09:05:00", end: "12:00:00").visit
        let wording = MailLanguage(tag: tag).wording
        #expect(wording.date(visit.date) == date)
        #expect(wording.timeRange(visit) == range)
    }

    @Test(
        "the twelve-hour clock at its edges",
        arguments: [("00:00:00", "12:00\u{A0}AM"), ("12:30:00", "12:30\u{A0}PM"), ("23:59:00", "11:59\u{A0}PM")])
    func twelveHours(time: String, written: String) throws {
        #expect(EnglishWording().time(try #require(TimeOfDay(time))) == written)
    }

    @Test("every month and weekday has its name", arguments: MailLanguage.allCases)
    func names(language: MailLanguage) throws {
        var written: Set<String> = []
        for month in 1...12 {
            for day in 1...7 { written.insert(language.wording.date(try #require(CalendarDate(year: 2026, month: month, day: day)))) }
        }
        #expect(written.count == 84)
    }

    @Test(
        "a tag is served by its language, an unknown one by English",
        arguments: [("de-AT", "de"), ("FR", "fr"), ("es_MX", "es"), ("", "en"), ("tlh", "en"), ("en-GB", "en")])
    func tags(tag: String, expected: String) {
        #expect(MailLanguage(tag: tag).rawValue == expected)
    }

    @Test("a notice is short whatever the venue is called", arguments: MailLanguage.allCases)
    func notice(language: MailLanguage) throws {
        let delivery = try SampleDelivery.make(
            kind: .sms, language: language.rawValue, date: "2026-09-30", start: "12:45:00", organization: String(repeating: "Ü", count: 100)
        )
        let notice = OutgoingNotice(delivery)
        #expect(notice.text.contains("TKT-2026-ABC123-DEF456"))
        // Three messages in UCS-2, 67 characters each when they are joined.
        #expect(notice.text.utf16.count <= 201)
    }
}
