import CCurl

/// A POST to a provider's API.
struct HTTPRequest: Sendable {
    var url: String
    /// `name: value`, of visible ASCII.
    var headers: [String]
    /// For Basic authentication (RFC 7617).
    var userAndPassword: (user: String, password: String)?
    var body: [UInt8]

    func transfer(_ settings: CurlSettings) -> CurlTransfer {
        var transfer = CurlTransfer(url: url)
        settings.apply(to: &transfer)
        // Redirects are not followed: a key goes to the address that the operator gave, and nowhere else.
        transfer.texts.append((CURLOPT_PROTOCOLS_STR, "https,http"))
        // libcurl would ask with `Expect: 100-continue` before larger bodies, which costs a round trip.
        transfer.lists.append((CURLOPT_HTTPHEADER, headers + ["Expect:"]))
        if let userAndPassword {
            transfer.texts += [(CURLOPT_USERNAME, userAndPassword.user), (CURLOPT_PASSWORD, userAndPassword.password)]
        }
        transfer.post = body
        return transfer
    }
}

/// What a provider's API answered.
struct HTTPAnswer: Hashable, Sendable {
    let status: Int
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]

    init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// - Returns: nil when there was no whole answer.
    init?(_ outcome: CurlOutcome) {
        guard outcome.code == CURLE_OK else { return nil }
        var status = 0
        var headers: [String: String] = [:]
        for line in outcome.lines {
            if line.hasPrefix("HTTP/") {
                // Of several, as after `100 Continue`, the last counts.
                status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
                headers = [:]
            } else if let colon = line.firstIndex(of: ":") {
                headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].trimmingSpaces)
            }
        }
        self.init(status: status, headers: headers, body: outcome.body)
    }
}
