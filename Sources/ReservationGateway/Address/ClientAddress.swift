/// Whose request it is, when proxies that we trust stand between.
enum ClientAddress {
    /// Walks `X-Forwarded-For` from the right, where our own proxies wrote, and stops at the first address that is not one of them:
    /// everything to the left of it is the sender's own invention.
    ///
    /// - Parameters:
    ///   - peer: who is connected; nil for a Unix socket.
    ///   - forwardedFor: all values of the header in the order in which they came.
    static func find(peer: IPAddress?, forwardedFor: [String], trustedProxies: [AddressRange]) -> IPAddress? {
        guard var address = peer, !trustedProxies.isEmpty, !forwardedFor.isEmpty else { return peer }
        var entries = forwardedFor.joined(separator: ",").split(separator: ",", omittingEmptySubsequences: false)
        while trustedProxies.contains(where: { $0.contains(address) }), let entry = entries.popLast() {
            // Something unreadable was not written by our proxy in a way we know; the proxy itself is then the best answer.
            guard let next = parse(entry) else { break }
            address = next
        }
        return address
    }

    /// Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static func parse(_ entry: Substring) -> IPAddress? {
        let text = entry.drop { $0 == " " || $0 == "\t" }
        let trimmed = text.prefix { $0 != " " && $0 != "\t" }
        if trimmed.first == "[" {
            return IPAddress(trimmed.dropFirst().prefix { $0 != "]" })
        }
        if let address = IPAddress(trimmed) { return address }
        let parts = trimmed.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? IPAddress(parts[0]) : nil
    }
}
