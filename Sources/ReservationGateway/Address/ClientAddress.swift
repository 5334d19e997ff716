/// Whose request it is, when proxies that we trust stand between.
///
/// Only `X-Forwarded-For` is read, which every proxy we know writes. `Forwarded` (RFC 7239) is not: nginx and Caddy write it only when told
/// to and otherwise hand on what the sender wrote, so that believing it would let anybody be anybody.
enum ClientAddress {
    /// Walks `X-Forwarded-For` from the right, where our own proxies wrote, and stops at the first address that is not one of them:
    /// everything to the left of it is the sender's own invention.
    ///
    /// - Parameters:
    ///   - peer: who is connected; nil for a Unix socket.
    ///   - forwardedFor: all values of the header in the order in which they came.
    static func find(peer: IPAddress?, forwardedFor: [String], trustedProxies: [AddressRange]) -> IPAddress? {
        func isTrusted(_ address: IPAddress) -> Bool { trustedProxies.contains { $0.contains(address) } }
        guard var address = peer, !forwardedFor.isEmpty, isTrusted(address) else { return peer }
        var entries = forwardedFor.joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false)
        while let entry = entries.popLast() {
            // Something unreadable was not written by our proxy in a way we know; the proxy itself is then the best answer.
            guard let next = parse(entry) else { break }
            address = next
            if !isTrusted(address) { break }
        }
        return address
    }

    /// Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. A bare address of version 6 has no port.
    private static func parse(_ entry: Substring) -> IPAddress? {
        let text = entry.drop { $0 == " " || $0 == "\t" }
        let trimmed = text.prefix { $0 != " " && $0 != "\t" }
        guard text.dropFirst(trimmed.count).allSatisfy({ $0 == " " || $0 == "\t" }) else { return nil }
        if trimmed.first == "[" {
            guard let end = trimmed.firstIndex(of: "]"), isPort(trimmed[end...].dropFirst()) else { return nil }
            return IPAddress(trimmed[..<end].dropFirst())
        }
        if let address = IPAddress(trimmed) { return address }
        guard let colon = trimmed.firstIndex(of: ":"), isPort(trimmed[colon...]) else { return nil }
        return IPAddress(trimmed[..<colon])
    }

    /// Nothing, or a colon and one to five digits.
    private static func isPort(_ text: Substring) -> Bool {
        guard text.first == ":" else { return text.isEmpty }
        let digits = text.utf8.dropFirst()
        return (1...5).contains(digits.count) && digits.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }
}
