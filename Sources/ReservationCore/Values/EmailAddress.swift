/// A mailbox as `local@domain` (addr-spec of RFC 5322, read the way validator.js `isEmail` does by default, without quoted local parts).
///
/// The domain is kept in lower case, an internationalised one as punycode (RFC 3492), so that it can go into SMTP as it stands.
/// The local part is kept as given: its case belongs to the receiving host.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Returns: nil when the form is not accepted, the local part exceeds 64 bytes, or the whole 254 bytes.
    package init?(_ input: String) {
        // Before punycode a domain may take more bytes than after; nothing beyond this can become valid.
        guard input.utf8.count <= 1024, let at = input.utf8.lastIndex(of: 0x40) else { return nil }
        let local = input[..<at]
        let domain = input[input.index(after: at)...]
        guard Self.isLocalPart(local), let host = Self.hostName(domain) else { return nil }
        let text = "\(local)@\(host)"
        guard text.utf8.count <= 254 else { return nil }
        self.text = text
    }

    package var description: String { text }

    /// For logs: the first character of the local part and the domain, `j***@example.com`.
    package var masked: String {
        guard let at = text.utf8.lastIndex(of: 0x40) else { return "***" }
        return "\(text[..<at].prefix(1))***\(text[at...])"
    }

    /// Atoms joined by single dots; each atom of RFC 5322's atext or of the letters beyond ASCII that validator.js lets through.
    private static func isLocalPart(_ local: Substring) -> Bool {
        guard (1...64).contains(local.utf8.count) else { return false }
        return local.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.unicodeScalars.allSatisfy(isAtomScalar)
        }
    }

    private static func isAtomScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        // ! # $ % & ' * + - / = ? ^ _ ` { | } ~
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2F, 0x3D, 0x3F, 0x5E...0x60, 0x7B...0x7E: true
        default: isLetterBeyondASCII(scalar)
        }
    }

    /// validator.js: U+00A1–U+D7FF, U+F900–U+FDCF, U+FDF0–U+FFEF; minus invisible and space characters, which no mailbox is
    /// known to have and which deceive readers.
    private static func isLetterBeyondASCII(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xA1...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF:
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .unassigned, .privateUse, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        default: false
        }
    }

    /// At least two labels of 1 to 63 bytes (after punycode), no hyphen at either end, no underscore, a last label that is no number.
    private static func hostName(_ domain: Substring) -> String? {
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let top = labels.last, isTopLevel(top) else { return nil }
        var encoded: [String] = []
        for label in labels {
            guard let ascii = hostLabel(label) else { return nil }
            encoded.append(ascii)
        }
        return encoded.joined(separator: ".")
    }

    private static func hostLabel(_ label: Substring) -> String? {
        let lowered = label.lowercased()
        guard !lowered.isEmpty, lowered.first != "-", lowered.last != "-",
            lowered.unicodeScalars.allSatisfy(isHostScalar)
        else { return nil }
        guard let ascii = Punycode.asciiLabel(lowered), ascii.utf8.count <= 63 else { return nil }
        return ascii
    }

    private static func isHostScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x61...0x7A, 0x2D: true
        // Full-width forms look like ASCII and are not; validator.js refuses them as well.
        case 0xFF01...0xFF5E: false
        // Combining accents: IDNA wants them composed with their letter (RFC 5891, section 5.3), and composing takes Unicode's tables.
        // Encoded as they stand they would name a host that does not exist. Keyboards and browsers give the composed letter.
        case 0x300...0x36F: false
        default: isLetterBeyondASCII(scalar)
        }
    }

    private static func isTopLevel(_ label: Substring) -> Bool {
        let scalars = label.lowercased().unicodeScalars
        guard scalars.count >= 2 else { return false }
        if label.lowercased().hasPrefix("xn-") { return true }
        return scalars.allSatisfy { scalar in
            (scalar.value >= 0x61 && scalar.value <= 0x7A) || (scalar.value >= 0xA1 && scalar.value != 0xA9 && isHostScalar(scalar))
        }
    }
}
