import ReservationCore

/// One kind of value that an operator types, and how to say what it looks like.
struct ValueKind<Value>: Sendable {
    /// Completes "must be …".
    let expected: String
    let parse: @Sendable (String) -> Value?
}

extension ValueKind where Value == String {
    static let text = ValueKind(expected: "text") { $0 }

    static let ticketCode = ValueKind(expected: "a ticket code like TKT-2025-ABC123-DEF456") { TicketCode($0)?.text }

    static let accentColor = ValueKind(expected: "a color like #1a73e8") { AccentColor($0)?.description }

    static let emailAddress = ValueKind(expected: "an e-mail address like info@example.com") { EmailAddress($0)?.text }

    /// How many digits it needs is the daemon's to judge.
    static let phoneNumber = ValueKind(expected: "+ and the country code, digits only, like +12025551234") {
        PhoneNumber($0, minimumDigits: 2)?.text
    }

    static let website = ValueKind(
        expected: "an address like https://www.example.com/visit of at most \(Limits.websiteBytes) bytes"
    ) { WebsiteURL($0)?.text }

    /// RESERVED comes of a booking alone.
    static let newTicketStatus = ValueKind(expected: "PENDING_PAYMENT, ACTIVATED, EXPIRED or VERIFIED") { text in
        guard let status = TicketStatus(rawValue: text), status != .reserved else { return nil }
        return text
    }
}

extension ValueKind where Value == String {
    static let reason = ValueKind(expected: "one line of at most \(Limits.reasonBytes) bytes") { text in
        let isPlain = !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        return isPlain && text.utf8.count <= Limits.reasonBytes ? text : nil
    }

    static let ticketStatus = ValueKind(expected: "PENDING_PAYMENT, ACTIVATED, RESERVED, VERIFIED or EXPIRED") { text in
        TicketStatus(rawValue: text.uppercased())?.rawValue
    }

    static let reservationStatus = ValueKind(
        expected: "one of " + ReservationStatus.allCases.map(\.rawValue).joined(separator: ", ")
    ) { text in
        ReservationStatus(rawValue: text.uppercased())?.rawValue
    }

    static let outboxStatus = ValueKind(expected: "one of " + OutboxState.allCases.map(\.rawValue).joined(separator: ", ")) { text in
        OutboxState(rawValue: text.uppercased())?.rawValue
    }
}

extension ValueKind where Value == UInt64 {
    /// An id that the system or an operator gave: 1 to 2^53 − 1.
    static let id = ValueKind(expected: "a number from 1 to \(TicketID.maximum)") { text in
        number(text).flatMap { TicketID($0) }.map { UInt64($0.rawValue) }
    }

    /// An id of somebody else's system, which may count from 0.
    static let foreignID = ValueKind(expected: "a number from 0 to \(TicketID.maximum)") { text in
        number(text).flatMap { $0 <= UInt64(TicketID.maximum) ? $0 : nil }
    }

    static let capacity = ValueKind(expected: "a number of places from 1 to \(Limits.slotCapacity)") { text in
        number(text).flatMap { (1...UInt64(Limits.slotCapacity)).contains($0) ? $0 : nil }
    }

    static let count = ValueKind(expected: "a number from 1 to 1000000") { text in
        number(text).flatMap { (1...1_000_000).contains($0) ? $0 : nil }
    }

    static let weeks = ValueKind(expected: "a number of weeks from 1 to 104") { text in
        number(text).flatMap { (1...104).contains($0) ? $0 : nil }
    }

    static let keptBackups = ValueKind(expected: "a number from 1 to \(Limits.keptBackups)") { text in
        number(text).flatMap { (1...UInt64(Limits.keptBackups)).contains($0) ? $0 : nil }
    }

    /// 0 stands for never, as the protocol has it.
    static let retentionDays = ValueKind(expected: "a number of days from 1 to \(Limits.retentionDays), or none") { text in
        if text == "none" { return 0 }
        return number(text).flatMap { (1...UInt64(Limits.retentionDays)).contains($0) ? $0 : nil }
    }

    static let operatorID = ValueKind(expected: "the operator's number, from 1 to \(OperatorID.maximum)") { text in
        number(text).flatMap { OperatorID($0) }.map { UInt64($0.rawValue) }
    }

    static let seconds = ValueKind(expected: "a number of seconds from 1 to 3600") { text in
        number(text).flatMap { (1...3600).contains($0) ? $0 : nil }
    }

    /// Digits only: `UInt64` itself would take a sign as well.
    private static func number(_ text: String) -> UInt64? {
        text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? UInt64(text) : nil
    }
}

extension ValueKind where Value == Bool {
    static let yesOrNo = ValueKind(expected: "1, true or yes, or 0, false or no") { text in
        switch text.lowercased() {
        case "1", "true", "yes": true
        case "0", "false", "no": false
        default: nil
        }
    }
}

extension ValueKind where Value == CalendarDate {
    static let date = ValueKind(expected: "a date like 2025-11-14") { CalendarDate($0) }
}

extension ValueKind where Value == [ClosedRange<CalendarDate>] {
    /// Single days, and stretches with two dots between the first and the last.
    static let days = ValueKind(expected: "days like 2025-12-24,2025-12-31..2026-01-01") { text in
        var stretches: [ClosedRange<CalendarDate>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "..", omittingEmptySubsequences: false)
            guard (1...2).contains(ends.count), let first = CalendarDate(ends[0]), let last = CalendarDate(ends[ends.count - 1]),
                first <= last
            else { return nil }
            stretches.append(first...last)
        }
        return stretches
    }
}

extension ValueKind where Value == CalendarDate {
    static let monday = ValueKind(expected: "a Monday, like 2025-11-17") { text in
        CalendarDate(text).flatMap { $0.weekday == .monday ? $0 : nil }
    }
}

extension ValueKind where Value == TimeOfDay {
    static let time = ValueKind(expected: "a time like 10:00") { TimeOfDay(typed: $0) }
}

extension ValueKind where Value == [Weekday] {
    static let weekdays = ValueKind(expected: "days like mon,tue,sun") { text in
        let days = text.lowercased().split(separator: ",", omittingEmptySubsequences: false).map { Weekday(rawValue: String($0)) }
        guard !days.contains(nil) else { return nil }
        return Weekday.allCases.filter { days.contains($0) }
    }
}

/// From a start to an end on one day, as typed; which ranges make sense is the daemon's to judge.
struct TypedTimeRange: Hashable {
    var start: TimeOfDay
    var end: TimeOfDay
}

extension ValueKind where Value == [TypedTimeRange] {
    static let times = ValueKind(expected: "times like 10:00-12:00,12:00-14:00") { text in
        var ranges: [TypedTimeRange] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard ends.count == 2, let start = TimeOfDay(typed: ends[0]), let end = TimeOfDay(typed: ends[1]) else { return nil }
            ranges.append(TypedTimeRange(start: start, end: end))
        }
        return ranges.isEmpty ? nil : ranges
    }
}
