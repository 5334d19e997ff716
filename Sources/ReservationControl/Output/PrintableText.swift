import NIOCore

/// Makes text that came from elsewhere harmless on a terminal, where a control character can move the cursor, hide text or set a title.
enum PrintableText {
    /// Control characters, line and paragraph separators, and what reverses the reading direction become `\u{1b}`.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isHarmful(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The same, cut to what fits into a message.
    static func excerpt(_ text: String) -> String {
        let limit = 60
        // Not of characters, since one may have any number of accents.
        guard text.unicodeScalars.count > limit else { return escaped(text) }
        return escaped(String(text.unicodeScalars.prefix(limit))) + "…"
    }

    /// Replaces in canonical JSON what ``escaped(_:)`` replaces in text, by JSON's own escapes: the document means the same as before.
    ///
    /// The characters below U+0020 are escaped already, and none of the others can stand outside a string.
    static func escapedJSON(_ document: ByteBuffer) -> ByteBuffer {
        let text = String(buffer: document)
        guard text.unicodeScalars.contains(where: { $0 != "\n" && isHarmful($0) }) else { return document }
        var result = ByteBuffer()
        for scalar in text.unicodeScalars {
            if isHarmful(scalar), scalar != "\n" {
                let digits = String(scalar.value, radix: 16)
                result.writeString("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
            } else {
                result.writeString(String(scalar))
            }
        }
        return result
    }

    /// All of these lie below U+10000, so four hexadecimal digits name them.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: true
        // Line and paragraph separator; marks, embeddings and isolates of reading direction (UAX #9).
        case 0x2028, 0x2029, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
