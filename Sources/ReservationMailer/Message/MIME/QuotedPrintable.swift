/// The encoding for texts that are mostly ASCII (RFC 2045, section 6.7).
enum QuotedPrintable {
    private static let lineLength = 76

    /// - Parameter text: with line feeds; they become CRLF.
    static func encode(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count * 5 / 4)
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            encodeLine(line, to: &output)
            output += [0x0D, 0x0A]
        }
        return output
    }

    private static func encodeLine(_ line: Substring.UTF8View, to output: inout [UInt8]) {
        var column = 0
        var position = line.startIndex
        while position != line.endIndex {
            let next = line.index(after: position)
            let isLast = next == line.endIndex
            let token = token(line[position], isFirst: column == 0, isLast: isLast)
            // Before the last token there needs no room for the sign of a soft line break.
            if column + token.count > (isLast ? lineLength : lineLength - 1) {
                output += [UInt8(ascii: "="), 0x0D, 0x0A]
                column = 0
                continue
            }
            output += token
            column += token.count
            position = next
        }
    }

    /// A leading dot would be doubled on its way through SMTP, a leading `From ` be marked in a mailbox file, and a space at the end of a
    /// line be lost: these are encoded although they need not be.
    private static func token(_ byte: UInt8, isFirst: Bool, isLast: Bool) -> [UInt8] {
        let isPlain =
            switch byte {
            case UInt8(ascii: "="): false
            case UInt8(ascii: " "): !isLast
            case UInt8(ascii: "."), UInt8(ascii: "F"): !isFirst
            case 0x21...0x7E: true
            default: false
            }
        return isPlain ? [byte] : [UInt8(ascii: "="), hexadecimal(byte >> 4), hexadecimal(byte & 0x0F)]
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x41 + digit - 10 }
}
