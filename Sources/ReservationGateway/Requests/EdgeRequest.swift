/// What the gateway wants to know of an HTTP request before its body.
package struct EdgeRequest: Sendable {
    package var method: String
    /// As in the request line: path and query.
    package var target: String
    /// The header `Host`, or the authority of an absolute target.
    package var host: String?
    package var headers: RequestHeaders
    /// Who is connected; nil when that is no internet address.
    package var peer: IPAddress?

    package init(method: String, target: String, host: String? = nil, headers: RequestHeaders = RequestHeaders(), peer: IPAddress? = nil) {
        self.method = method
        self.target = target
        self.host = host
        self.headers = headers
        self.peer = peer
    }
}

/// The headers that matter here, all values of each in the order in which they came.
package struct RequestHeaders: Sendable {
    package var contentType: [String] = []
    package var idempotencyKey: [String] = []
    package var requestID: [String] = []
    package var organization: [String] = []
    package var forwardedFor: [String] = []
    package var acceptLanguage: [String] = []
    package var acceptEncoding: [String] = []

    package init() {}

    /// - Parameter name: in lower case.
    package mutating func add(_ name: String, _ value: String) {
        switch name {
        case "content-type": contentType.append(value)
        case "idempotency-key": idempotencyKey.append(value)
        case "x-request-id": requestID.append(value)
        case "x-orq": organization.append(value)
        case "x-forwarded-for": forwardedFor.append(value)
        case "accept-language": acceptLanguage.append(value)
        case "accept-encoding": acceptEncoding.append(value)
        default: break
        }
    }

    /// `application/json`, alone or with UTF-8 as its charset (RFC 8259 knows no other).
    var isJSON: Bool {
        guard contentType.count == 1 else { return false }
        if contentType[0] == "application/json" { return true }
        let parts = contentType[0].lowercased().split(separator: ";", omittingEmptySubsequences: false)
            .map { $0.filter { $0 != " " && $0 != "\t" } }
        return parts.first == "application/json"
            && parts.dropFirst().allSatisfy { $0 == "charset=utf-8" || $0 == "charset=\"utf-8\"" || $0.isEmpty }
    }
}
