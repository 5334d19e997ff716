import ReservationCore

/// The languages in which customers are written to.
package enum MailLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case german = "de"
    case spanish = "es"
    case french = "fr"

    /// - Parameter tag: a language tag; `de-AT` is served by `de`, what is not known by English.
    package init(tag: String) {
        let primary = tag.lowercased().prefix { $0 != "-" && $0 != "_" }
        self = MailLanguage(rawValue: String(primary)) ?? .english
    }

    var wording: any Wording {
        switch self {
        case .english: EnglishWording()
        case .german: GermanWording()
        case .spanish: SpanishWording()
        case .french: FrenchWording()
        }
    }
}

/// The sentences of a language, and its manner of writing dates and times.
///
/// Dates and times are the venue's own: they are never turned into another zone's.
protocol Wording: Sendable {
    /// `Friday, 27 November 2026`.
    func date(_ date: CalendarDate) -> String
    /// `12:00 – 14:00`, as it stands alone.
    func timeRange(_ visit: Visit) -> String
    /// The start, as it stands after the date in a line.
    func time(_ time: TimeOfDay) -> String

    /// - Parameter when: date and time.
    func subject(_ purpose: Delivery.Purpose, _ organization: String, _ when: String) -> String
    func heading(_ purpose: Delivery.Purpose) -> String
    /// What a cancellation means for the visitor, who may not have asked for it.
    var cancelledText: String { get }
    var dateLabel: String { get }
    var timeLabel: String { get }
    var codeLabel: String { get }
    var reservationLabel: String { get }
    /// What to do with the code, beside its picture.
    var showCode: String { get }
    /// The same where the picture is only attached.
    var showCodeOrPicture: String { get }
    var calendarAttached: String { get }
    /// Says of the picture what it is, where it is not shown.
    var pictureDescription: String { get }
    var questions: String { get }
    /// Why this message came.
    var reason: String { get }
    /// Title of the calendar's entry.
    func calendarTitle(_ organization: String) -> String
    /// A text message of one or two parts.
    func notice(_ organization: String, _ when: String, code: String) -> String
    /// What stands between a label and its value.
    var colon: String { get }
}

extension Wording {
    var colon: String { ":" }

    /// Date and start in one line.
    func when(_ visit: Visit) -> String { "\(date(visit.date)), \(time(visit.startTime))" }
}

extension TimeOfDay {
    var hour: Int { Int(seconds) / 3600 }
    var minute: Int { Int(seconds) / 60 % 60 }

    /// `09:05`.
    var hourAndMinute: String { "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)" }
}

extension CalendarDate {
    /// Monday is 0.
    var weekdayIndex: Int { Weekday.allCases.firstIndex(of: weekday) ?? 0 }
}
