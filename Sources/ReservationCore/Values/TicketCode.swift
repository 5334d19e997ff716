/// The secret printed on a ticket: `TKT-YYYY-XXXXXX-XXXXXX` (card, section 4).
package struct TicketCode: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// Accepts what a person types: surrounding white space is dropped and letters are upper-cased first.
    ///
    /// - Returns: nil unless the rest matches `TKT-\d{4}-[A-Z0-9]{6}-[A-Z0-9]{6}` in ASCII.
    package init?(_ input: String) {
        // Far longer input than any code with spaces around it is not worth scanning.
        guard input.utf8.count <= 200 else { return nil }
        var bytes = Array(input.utf8)
        while let last = bytes.last, Self.isSpace(last) { bytes.removeLast() }
        let start = bytes.firstIndex { !Self.isSpace($0) } ?? bytes.endIndex
        let code = bytes[start...].map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }
        guard code.count == 22, code.starts(with: "TKT-".utf8), code[8] == 0x2D, code[15] == 0x2D,
            code[4..<8].allSatisfy(Self.isDigit),
            code[9..<15].allSatisfy(Self.isLetterOrDigit), code[16..<22].allSatisfy(Self.isLetterOrDigit)
        else { return nil }
        self.text = String(decoding: code, as: UTF8.self)
    }

    /// A fresh code: 59 random bits in letters and digits that are not mistaken for one another (no I, L, O, U, 0, 1).
    ///
    /// - Parameter year: four digits, the year of issue.
    package static func random(year: Int, using generator: inout some RandomNumberGenerator) -> TicketCode {
        let alphabet = Array("ABCDEFGHJKMNPQRSTVWXYZ23456789".utf8)
        var code = Array("TKT-0000-".utf8)
        var rest = min(max(year, 0), 9999)
        for position in stride(from: 7, through: 4, by: -1) {
            code[position] = UInt8(0x30 + rest % 10)
            rest /= 10
        }
        // One draw for all twelve characters, since the system's generator is a system call each time: 30^12 is below 2^59.
        var draw = UInt64.random(in: 0..<531_441_000_000_000_000, using: &generator)
        for position in 0..<12 {
            if position == 6 { code.append(0x2D) }
            code.append(alphabet[Int(draw % 30)])
            draw /= 30
        }
        return TicketCode(unchecked: String(decoding: code, as: UTF8.self))
    }

    private init(unchecked text: String) {
        self.text = text
    }

    package var description: String { text }

    /// For logs: enough to tell two tickets apart in a support call, too little to use one.
    package var masked: String { "\(text.prefix(9))***\(text.suffix(3))" }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (byte >= 0x41 && byte <= 0x5A) }
}
