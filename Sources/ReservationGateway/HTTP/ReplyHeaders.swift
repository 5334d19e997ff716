/// The header fields of every reply.
enum ReplyHeaders {
    static let requestID = "x-request-id"

    /// Names in lower case, and values; `content-length` included where the length is known.
    static func list(_ reply: Reply, id: String, date: String) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = [
            ("content-type", reply.content.rawValue),
            ("cache-control", reply.caching.field),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("content-security-policy", reply.content.contentSecurityPolicy),
            ("date", date),
            (requestID, id),
        ]
        if reply.events == nil {
            fields.append(("content-length", String(reply.body.readableBytes)))
        } else {
            // Proxies that gather a reply before they pass it on would keep the events (nginx reads this field).
            fields.append(("x-accel-buffering", "no"))
        }
        if reply.caching != .forbidden {
            fields.append(("vary", reply.content == .html ? "accept-encoding, accept-language" : "accept-encoding"))
        }
        if reply.content == .html, reply.code == nil { fields.append(("link", PageFiles.preloads)) }
        if reply.isCompressed { fields.append(("content-encoding", "gzip")) }
        if reply.isReplayed { fields.append(("idempotency-replayed", "true")) }
        if let location = reply.location { fields.append(("location", location)) }
        if let retryAfter = reply.retryAfter { fields.append(("retry-after", String(retryAfter))) }
        if let allow = reply.allow { fields.append(("allow", allow)) }
        return fields
    }
}
