/// The parts of what `--transport` and `--sms` are given: `scheme:[//host[:port]]rest[?name=value&…]`.
struct AddressText {
    let scheme: String
    /// What stands between the scheme and the parameters.
    let rest: String
    let parameters: [String: String]

    /// - Parameter names: the parameters that the scheme has; nil for a scheme that is not known.
    init(_ text: String, names: (String) -> Set<String>?) throws(AddressError) {
        guard let colon = text.firstIndex(of: ":") else { throw AddressError("has no scheme like smtp:") }
        let scheme = text[..<colon].lowercased()
        guard let known = names(scheme) else { throw AddressError("has an unknown scheme, \(OneLine(scheme)):") }
        let parts = text[text.index(after: colon)...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var parameters: [String: String] = [:]
        for pair in parts.dropFirst().first?.split(separator: "&") ?? [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(sides[0])
            guard known.contains(name), sides.count == 2, parameters.updateValue(String(sides[1]), forKey: name) == nil else {
                let list = known.isEmpty ? "none" : known.sorted().joined(separator: ", ")
                throw AddressError("has a parameter that is unknown, twice there or without a value; \(scheme): takes \(list)")
            }
        }
        self.scheme = scheme
        self.rest = String(parts[0])
        self.parameters = parameters
    }

    /// `host` or `host:port`, an address of IPv6 in brackets.
    ///
    /// - Parameter rest: as it stands after the scheme, with its two slashes.
    static func hostAndPort(_ rest: String, defaultPort: Int) throws(AddressError) -> (host: String, port: Int) {
        let wrong = AddressError("must name a server, like smtp://mail.example.com:587")
        guard rest.hasPrefix("//") else { throw wrong }
        var authority = rest.dropFirst(2)
        if authority.last == "/" { authority = authority.dropLast() }
        var port = defaultPort
        if let colon = authority.lastIndex(of: ":"), authority.last != "]" {
            guard let number = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(number) else { throw wrong }
            port = number
            authority = authority[..<colon]
        }
        let isBracketed = authority.first == "[" && authority.last == "]"
        let host = isBracketed ? authority.dropFirst().dropLast() : authority
        let isAddress = isBracketed && host.utf8.allSatisfy { isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
        guard !host.isEmpty, isAddress || isName(host) else { throw wrong }
        return (String(host), port)
    }

    /// Whether what is sent there stays on this machine.
    static func isLoopback(_ host: String) -> Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// Letters, digits, hyphens and dots.
    static func isName(_ host: some StringProtocol) -> Bool {
        host.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
            default: false
            }
        }
    }

    /// `https://host[:port]`, or `http://` for this machine alone: keys are sent there.
    func base(default address: String) throws(AddressError) -> String {
        guard let base = parameters["base"] else { return address }
        let parts = base.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, ["https", "http"].contains(parts[0]) else {
            throw AddressError("has a base that does not begin with https://")
        }
        let (host, port) = try Self.hostAndPort(String(parts[1]), defaultPort: parts[0] == "https" ? 443 : 80)
        guard parts[0] == "https" || Self.isLoopback(host) else {
            throw AddressError("has a base with http://, which would send the key in the clear")
        }
        return "\(parts[0])://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}

/// What is wrong with an address, as it follows the option's name.
package struct AddressError: Error, CustomStringConvertible, Hashable {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
