/// A moment in UTC as people read it and as it stands in names of files.
package struct UTCTimestamp: Sendable, CustomStringConvertible {
    private let date: String
    private let hour: String
    private let minute: String
    private let second: String

    /// - Parameter moment: beyond the years of ``CalendarDate``, the date is all zeros.
    package init(_ moment: Instant) {
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        date = TimeZoneRules.utc.date(at: moment)?.description ?? "0000-00-00"
        let seconds = ((moment.seconds % 86_400) + 86_400) % 86_400
        hour = two(seconds / 3600)
        minute = two(seconds / 60 % 60)
        second = two(seconds % 60)
    }

    /// `20260131T235959Z`, ISO 8601's basic form.
    package var compact: String { "\(date.filter { $0 != "-" })T\(hour)\(minute)\(second)Z" }

    /// `2026-01-31 23:59:59 UTC`.
    package var description: String { "\(date) \(hour):\(minute):\(second) UTC" }
}
