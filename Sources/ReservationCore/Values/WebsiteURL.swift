/// The address of an organisation's own pages: `http` or `https` (RFC 3986), safe to stand in a page as it is.
package struct WebsiteURL: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Parameter input: scheme, host name, and if there are any, port, path, query and fragment. No user name: it serves only to deceive
    ///   about the host. ASCII, but for the host name, which becomes punycode.
    /// - Returns: nil when the form is not accepted, or takes more than ``Limits/websiteBytes``.
    package init?(_ input: String) {
        // Before punycode a host may take more bytes than after; nothing beyond this can become valid.
        guard input.utf8.count <= 1024, let scheme = Self.scheme(of: input) else { return nil }
        let rest = input.dropFirst(scheme.count)
        let authority = rest.prefix { !"/?#".contains($0) }
        let tail = rest.dropFirst(authority.count)
        let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first.flatMap(HostName.ascii), tail.utf8.allSatisfy(Self.isPlain) else { return nil }
        if parts.count == 2, !Self.isPort(parts[1]) { return nil }
        let port = parts.count == 2 ? ":\(parts[1])" : ""
        let text = "\(scheme)\(host)\(port)\(tail)"
        guard text.utf8.count <= Limits.websiteBytes else { return nil }
        self.text = text
    }

    package var description: String { text }

    private static func scheme(of input: String) -> String? {
        ["https://", "http://"].first { input.prefix($0.count).lowercased() == $0 }
    }

    private static func isPort(_ text: Substring) -> Bool {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = Int(text) else {
            return false
        }
        return (1...65535).contains(port)
    }

    /// Visible ASCII without what RFC 3986 never lets stand there or what could end an attribute of HTML.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        // " ' < > \ ^ ` { | }
        case 0x22, 0x27, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B...0x7D: false
        default: (0x21...0x7E).contains(byte)
        }
    }
}
