/// What a request is called in the log of every program that it passes: field `request_id` of RSV/1, `X-Request-Id` over HTTP.
///
/// Chosen by whoever hears a customer first. It decides nothing, need not be unique and is no part of what is asked.
package struct RequestName: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Returns: nil unless it is 1 to 64 characters of `[A-Za-z0-9._-]`: anything else could forge lines of a log.
    package init?(_ text: String) {
        guard (1...Limits.requestNameBytes).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.text = text
    }

    package var description: String { text }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x2D: true
        default: false
        }
    }
}
