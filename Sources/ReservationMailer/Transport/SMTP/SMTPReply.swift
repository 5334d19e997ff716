/// A server's last answer: three digits and its words (RFC 5321, section 4.2).
struct SMTPReply: Hashable, Sendable {
    let code: Int
    /// Of all of its lines.
    let text: String

    /// - Parameter lines: everything the server has said; the answer is the last line and those before it that it continues.
    init?(lines: [String]) {
        guard let last = lines.last, let code = Self.code(of: last) else { return nil }
        var texts = [Self.text(of: last)]
        for line in lines.dropLast().reversed() {
            guard Self.code(of: line) == code, line.dropFirst(3).first == "-" else { break }
            texts.append(Self.text(of: line))
        }
        self.code = code
        self.text = texts.reversed().joined(separator: " ")
    }

    /// Whether EHLO's answer offers the extension.
    static func offers(_ keyword: String, in lines: [String]) -> Bool {
        lines.contains { line in
            code(of: line) == 250 && text(of: line).uppercased().split(separator: " ").first == Substring(keyword)
        }
    }

    private static func code(of line: String) -> Int? {
        let digits = line.utf8.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(line.prefix(3))
    }

    private static func text(of line: String) -> String { String(line.dropFirst(4)) }
}
