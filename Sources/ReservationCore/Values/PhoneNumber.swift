/// A telephone number in international form: `+`, a country code, the national number, digits only (ITU-T E.164).
package struct PhoneNumber: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Parameters:
    ///   - input: `^\+[1-9]\d{1,14}$`, the card's expression, with at least `minimumDigits` digits.
    ///   - minimumDigits: no country's international numbers are shorter than seven digits.
    package init?(_ input: String, minimumDigits: Int = Limits.phoneMinimumDigits) {
        let bytes = input.utf8
        guard bytes.count <= 16, bytes.first == 0x2B else { return nil }
        let digits = bytes.dropFirst()
        guard digits.count >= max(2, minimumDigits), digits.first != 0x30,
            digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        self.text = input
    }

    private init(placeholder: String) { text = placeholder }

    /// Stands in place of a number that was erased. No country has the code 999 (ITU-T, list of country codes assigned under E.164).
    package static let erased = PhoneNumber(placeholder: "+999000000000")

    package var description: String { text }

    /// For logs: the last two digits only.
    package var masked: String { "+***\(text.suffix(2))" }
}
