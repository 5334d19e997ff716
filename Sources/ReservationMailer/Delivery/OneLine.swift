/// Text of somebody else's choosing, fit to stand in a line of a message or of a log: no line breaks, no control characters, and none of
/// the marks that turn the direction of what follows.
package struct OneLine: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// What breaks or ends a line becomes a space; of several spaces one stays.
    package init(_ input: String) {
        var text = String.UnicodeScalarView()
        var needsSpace = false
        for scalar in input.unicodeScalars {
            if Self.isSpace(scalar) {
                needsSpace = !text.isEmpty
            } else if !Self.deceives(scalar) {
                if needsSpace { text.append(" ") }
                needsSpace = false
                text.append(scalar)
            }
        }
        self.text = String(text)
    }

    package var description: String { text }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator: true
        default: false
        }
    }

    /// Overrides and isolates of the writing direction (UAX #9), and the byte order mark. Joiners stay: emoji are made with them.
    private static func deceives(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x061C, 0xFEFF: true
        default: false
        }
    }
}
