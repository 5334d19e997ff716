/// One property of an iCalendar object, escaped and folded (RFC 5545, sections 3.1 and 3.3.11).
struct CalendarProperty: Hashable, Sendable {
    /// With its line break.
    let line: String

    /// A value of our making: dates, numbers, addresses.
    init(_ name: StaticString, value: String) {
        line = Self.folded("\(name):\(value.filter { !$0.isNewline })")
    }

    /// - Parameter text: of any content.
    init(_ name: StaticString, text: String) {
        self.init(name, value: Self.escaped(text))
    }

    /// `ORGANIZER`: an address with a name. RFC 5546, section 3.2.1, wants it in whatever is published.
    init(_ name: StaticString, commonName: OneLine, address: String) {
        // A parameter's value in quotation marks cannot hold one (section 3.2).
        let quoted = commonName.text.replacing("\"", with: "'")
        line = Self.folded("\(name);CN=\"\(quoted)\":mailto:\(URLText.path(address))")
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case ";": escaped += "\\;"
            case ",": escaped += "\\,"
            case "\n": escaped += "\\n"
            case "\r": break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// At most 75 octets a line, never divided inside a UTF-8 sequence.
    private static func folded(_ line: String) -> String {
        var folded = ""
        var column = 0
        for scalar in line.unicodeScalars {
            let length = UTF8.width(scalar)
            if column + length > 75 {
                folded += "\r\n "
                column = 1
            }
            folded.unicodeScalars.append(scalar)
            column += length
        }
        return folded + "\r\n"
    }
}
