/// Path and query of a request (RFC 9112, section 3.2).
struct RequestTarget: Hashable {
    let path: String
    /// Names and values as sent, percent-decoded.
    let query: [Parameter]
    /// Of an absolute target, which outweighs the header `Host`.
    let authority: String?

    struct Parameter: Hashable {
        let name: String
        let value: String
    }

    init(_ target: String) {
        var rest = target[...]
        var authority: Substring?
        if let scheme = ["http://", "https://"].first(where: { target.lowercased().hasPrefix($0) }), target.utf8.first != 0x2F {
            let begin = target.index(target.startIndex, offsetBy: scheme.count)
            let end = target[begin...].firstIndex { $0 == "/" || $0 == "?" } ?? target.endIndex
            authority = target[begin..<end]
            rest = target[end...]
        }
        if let fragment = rest.utf8.firstIndex(of: 0x23) { rest = rest[..<fragment] }
        let question = rest.utf8.firstIndex(of: 0x3F)
        let path = rest[..<(question ?? rest.endIndex)]
        self.path = path.isEmpty ? "/" : String(path)
        self.authority = authority.map(String.init)
        self.query = question.map { Self.parameters(rest[rest.utf8.index(after: $0)...]) } ?? []
    }

    /// All values of a parameter.
    func values(_ name: String) -> [String] {
        query.filter { $0.name == name }.map(\.value)
    }

    private static func parameters(_ query: Substring) -> [Parameter] {
        query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return Parameter(name: decode(parts[0]), value: parts.count > 1 ? decode(parts[1]) : "")
        }
    }

    /// A percent sign without two hexadecimal digits stays as it is, which no parameter here accepts.
    private static func decode(_ text: Substring) -> String {
        guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return String(text) }
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var position = 0
        while position < bytes.count {
            if bytes[position] == 0x25, position + 2 < bytes.count,
                let high = Hexadecimal.value(bytes[position + 1]), let low = Hexadecimal.value(bytes[position + 2])
            {
                decoded.append(high << 4 | low)
                position += 3
            } else {
                decoded.append(bytes[position] == 0x2B ? 0x20 : bytes[position])
                position += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}

/// Digits of base 16 in either case.
enum Hexadecimal {
    static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
