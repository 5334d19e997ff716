/// Why something was not sent, fit for a log and for the outbox: one line, not too long, without anybody's address, number or code.
///
/// Servers like to repeat the recipient's address in their replies, so their words are masked here, where they become a reason.
package struct FailureReason: Hashable, Sendable, CustomStringConvertible {
    /// At most ``byteLimit`` bytes.
    package let text: String
    /// An operator has to mend something before it can get better.
    package let needsOperator: Bool

    /// The longest `detail` that the outbox takes.
    package static let byteLimit = 500

    package init(_ text: String, needsOperator: Bool = false) {
        self.text = Self.limited(Self.masked(OneLine(text).text))
        self.needsOperator = needsOperator
    }

    package var description: String { text }

    private static func masked(_ text: String) -> String {
        // What comes before an `@` names a person, what comes after a mail host.
        text.replacing(/[^\s<>()\[\]",;:']+@/, with: "***@")
            .replacing(/(?i)TKT-[0-9]{4}-[A-Z0-9]{6}-[A-Z0-9]{6}/, with: "TKT-***")
            .replacing(/\+[0-9]{7,15}/, with: "+***")
    }

    private static func limited(_ text: String) -> String {
        guard text.utf8.count > byteLimit else { return text }
        var kept = ""
        for character in text {
            guard kept.utf8.count + character.utf8.count <= byteLimit - 3 else { break }
            kept.append(character)
        }
        return kept + "…"
    }
}
