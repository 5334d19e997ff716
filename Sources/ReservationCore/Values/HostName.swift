/// The name of a host on the public internet: lower case, an internationalised one as punycode (RFC 3492).
enum HostName {
    /// At least two labels of 1 to 63 bytes (after punycode), no hyphen at either end, no underscore, a last label that is no number.
    static func ascii(_ domain: Substring) -> String? {
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let top = labels.last, isTopLevel(top) else { return nil }
        var parts: [String] = []
        for label in labels {
            guard let ascii = encoded(label) else { return nil }
            parts.append(ascii)
        }
        return parts.joined(separator: ".")
    }

    private static func encoded(_ label: Substring) -> String? {
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

    /// validator.js: U+00A1–U+D7FF, U+F900–U+FDCF, U+FDF0–U+FFEF; minus invisible and space characters, which no mailbox is
    /// known to have and which deceive readers.
    static func isLetterBeyondASCII(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xA1...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF:
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .unassigned, .privateUse, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        default: false
        }
    }
}
