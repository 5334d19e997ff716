/// The header fields of every reply.
enum ReplyHeaders {
    static let requestID = "x-request-id"

    /// Names in lower case, and values; `content-length` included.
    static func list(_ reply: Reply, id: String, date: String) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = [
            ("content-type", reply.content == .json ? "application/json" : "application/yaml"),
            ("content-length", String(reply.body.readableBytes)),
            // Replies hold contact data and capabilities: no cache may keep them.
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            // Nothing here is a page; should a browser show one as such, it may load and do nothing.
            ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
            ("date", date),
            (requestID, id),
        ]
        if reply.isReplayed { fields.append(("idempotency-replayed", "true")) }
        if let retryAfter = reply.retryAfter { fields.append(("retry-after", String(retryAfter))) }
        if let allow = reply.allow { fields.append(("allow", allow)) }
        return fields
    }
}
