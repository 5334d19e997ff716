import ReservationCore

/// One field of a message's header, encoded and folded (RFC 5322, sections 2.2 and 2.2.3).
///
/// It is made from values that cannot hold a line break, so that nothing of a customer's or an organisation's choosing begins a field
/// of its own.
struct HeaderField: Hashable, Sendable {
    /// Without the line break at its end.
    let line: String

    /// - Parameter words: written as they stand, with a space between them or, where the line would be too long, a line break and a space.
    private init(_ name: StaticString, words: [String]) {
        var line = "\(name):"
        var column = line.utf8.count
        for word in words {
            let length = word.utf8.count
            if column + 1 + length > EncodedWord.lineLength, column > 1 {
                line += "\r\n"
                column = 0
            }
            line += " \(word)"
            column += 1 + length
        }
        self.line = line
    }

    /// A field that is ours alone.
    init(_ name: StaticString, _ value: StaticString) {
        self.init(name, words: ["\(value)"])
    }

    /// A field of our making that holds values without white space, such as ids.
    init(_ name: StaticString, token: Token) {
        self.init(name, words: token.words)
    }

    /// Free text: `Subject`.
    init(_ name: StaticString, text: OneLine) {
        if Self.isPlain(text.text) {
            self.init(name, words: text.text.split(separator: " ").map(String.init))
        } else {
            self.init(name, words: EncodedWord.words(for: text.text, after: name.utf8CodeUnitCount + 2))
        }
    }

    /// An address, with a name or without.
    init(_ name: StaticString, mailbox: Mailbox) {
        guard let display = mailbox.name, !display.text.isEmpty else {
            self.init(name, words: [mailbox.address.text])
            return
        }
        let text = display.text
        let phrase =
            Self.isPlain(text) && text.utf8.count <= 50
            ? ["\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""]
            : EncodedWord.words(for: text, after: name.utf8CodeUnitCount + 2)
        self.init(name, words: phrase + ["<\(mailbox.address)>"])
    }

    /// Printable ASCII, short enough to be folded between words, and nothing that a reader would take for an encoded word.
    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
            && text.split(separator: " ").allSatisfy { $0.utf8.count <= 60 }
    }

    /// A value without white space or control characters but between its words.
    struct Token: ExpressibleByStringInterpolation {
        fileprivate let words: [String]

        init(stringLiteral text: String) {
            // Whatever is not printable ASCII is left out: such a value is made of numbers and of host names.
            let bytes = text.utf8.filter { (0x20...0x7E).contains($0) }
            words = String(decoding: bytes, as: UTF8.self).split(separator: " ").map(String.init)
        }
    }
}

/// An e-mail address and the name shown for it.
package struct Mailbox: Hashable, Sendable {
    package let name: OneLine?
    package let address: EmailAddress

    package init(_ address: EmailAddress, name: OneLine? = nil) {
        self.name = name
        self.address = address
    }
}
