@testable import ReservationCore

/// A value that was accepted is of the form its rule names, and its text is accepted again as the same value.
enum ValueTarget: FuzzTarget {
    static let name = "values"

    static func check(_ bytes: [UInt8]) throws {
        var input = InputCursor(bytes)
        let kind = input.choice(of: 8)
        let text = String(decoding: input.rest(), as: UTF8.self)
        switch kind {
        case 0: try checkEmail(text)
        case 1: try checkPhone(text)
        case 2: try checkTicketCode(text)
        case 3: try checkCalendar(text)
        case 4: try checkTime(text)
        case 5: try checkPunycode(text)
        case 6: try checkColor(text)
        default: try checkWebsite(text)
        }
    }

    private static func checkEmail(_ text: String) throws(Finding) {
        guard let address = EmailAddress(text) else { return }
        let bytes = Array(address.text.utf8)
        try require(bytes.count <= 254, "an address has at most 254 bytes")
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { throw Finding("an address has an @") }
        try require((1...64).contains(at), "a local part has 1 to 64 bytes")
        try require(!address.text.unicodeScalars.contains { $0.properties.generalCategory == .control }, "no control characters")
        let labels = bytes[(at + 1)...].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        try require(labels.count >= 2 && labels.allSatisfy { (1...63).contains($0.count) }, "labels have 1 to 63 bytes")
        try require(labels.joined().allSatisfy(isHostByte), "a host name is letters, digits and hyphens")
        try require(EmailAddress(address.text)?.text.utf8.elementsEqual(bytes) ?? false, "what is kept is accepted again")
        try require(!address.masked.utf8.elementsEqual(bytes) || at == 0, "the log's form hides something")
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func checkPhone(_ text: String) throws(Finding) {
        guard let phone = PhoneNumber(text) else { return }
        try require(phone.text.utf8.elementsEqual(text.utf8), "a number is kept as given")
        let digits = text.utf8.dropFirst()
        try require(text.utf8.first == UInt8(ascii: "+") && (7...15).contains(digits.count), "a number is + and 7 to 15 digits")
        try require(digits.allSatisfy { ("0"..."9").contains(Unicode.Scalar($0)) } && digits.first != UInt8(ascii: "0"), "E.164")
    }

    private static func checkTicketCode(_ text: String) throws(Finding) {
        guard let code = TicketCode(text) else { return }
        let parts = code.text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        try require(parts.map(\.count) == [3, 4, 6, 6] && code.text.hasPrefix("TKT-"), "a code is TKT-YYYY-XXXXXX-XXXXXX")
        try require(TicketCode(code.text) == code && code.text.uppercased() == code.text, "a code is accepted again as itself")
        try require(code.masked.contains("***"), "the log's form hides something")
    }

    private static func checkCalendar(_ text: String) throws(Finding) {
        if let date = CalendarDate(text) {
            try require(date.description.utf8.elementsEqual(text.utf8), "a date is written as it came")
            let parts = date.components
            try require(CalendarDate(year: parts.year, month: parts.month, day: parts.day) == date, "its parts are the same date")
            try require(date.month.dayNumbers.contains(date.dayNumber), "a day lies in its month")
            if let next = date.adding(days: 1) {
                try require(next > date && next.weekday != date.weekday, "the next day is another")
            }
        }
        if let month = YearMonth(text) {
            try require(month.description.utf8.elementsEqual(text.utf8), "a month is written as it came")
            try require((28...31).contains(month.dayNumbers.count), "a month has 28 to 31 days")
        }
    }

    private static func checkTime(_ text: String) throws(Finding) {
        if let time = TimeOfDay(text) {
            try require(time.description.utf8.elementsEqual(text.utf8), "a time is written as it came")
            try require((0..<86_400).contains(time.seconds), "a time lies within a day")
        }
        if let typed = TimeOfDay(typed: text) {
            try require(typed.description.utf8.starts(with: text.utf8), "a typed time is completed, not changed")
        }
    }

    private static func checkColor(_ text: String) throws(Finding) {
        guard let color = AccentColor(text) else { return }
        let kept = color.description
        try require(kept.utf8.count == 7 && kept.lowercased() == kept, "a color is # and six digits in lower case")
        try require(AccentColor(kept) == color, "a color is accepted again as itself")
    }

    private static func checkWebsite(_ text: String) throws(Finding) {
        guard let website = WebsiteURL(text) else { return }
        let kept = website.text
        try require(kept.utf8.count <= Limits.websiteBytes, "a website is bounded")
        try require(kept.hasPrefix("https://") || kept.hasPrefix("http://"), "a website is of http")
        try require(kept.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"\"'<>\\`".utf8.contains($0) }, "a website can stand in a page")
        let authority = kept.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2).prefix { !"/?#".utf8.contains($0) }
        try require(!authority.contains(UInt8(ascii: "@")), "a website has no user")
        try require(WebsiteURL(kept) == website, "a website is accepted again as itself")
    }

    private static func checkPunycode(_ text: String) throws(Finding) {
        guard let label = Punycode.asciiLabel(text) else { return }
        try require(label.utf8.allSatisfy { $0 < 0x80 }, "punycode is ASCII")
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return try require(label == text, "ASCII stays as it is") }
        try require(label.utf8.starts(with: "xn--".utf8), "punycode is marked as such")
        let scalars = PunycodeReading.scalars(Array(label.utf8.dropFirst(4)))
        try require(scalars == text.unicodeScalars.map(\.value), "punycode is read as the label that was written")
    }
}
