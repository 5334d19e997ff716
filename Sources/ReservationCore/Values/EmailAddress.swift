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
        guard Self.isLocalPart(local), let host = HostName.ascii(domain) else { return nil }
        let text = "\(local)@\(host)"
        guard text.utf8.count <= 254 else { return nil }
        self.text = text
    }

    private init(placeholder: String) { text = placeholder }

    /// Stands in place of an address that was erased. No name ends in `.invalid` (RFC 2606, section 2), so that nobody is behind it.
    package static let erased = EmailAddress(placeholder: "erased@erased.invalid")

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
        default: HostName.isLetterBeyondASCII(scalar)
        }
    }
}
