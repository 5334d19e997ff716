/// Recursive descent over the received bytes; the depth is bounded, so the stack is.
///
/// Whoever makes the parser keeps the bytes in place meanwhile. It looks at them through ``current`` only, or within what that has passed.
struct JSONParser {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private let maximumDepth: Int

    init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func document() throws(JSONError) -> JSONValue {
        skipWhitespace()
        let value = try value(depth: 0)
        skipWhitespace()
        guard position == bytes.count else { throw failure("something follows the document") }
        return value
    }

    // MARK: values

    /// - Parameter depth: how many objects and arrays are open around it.
    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard let byte = current else { throw failure("a value is expected") }
        switch byte {
        case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("a value is expected")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        try enter(depth)
        var members: [JSONObject.Member] = []
        var keys = KeySet()
        if !skip(UInt8(ascii: "}")) {
            repeat {
                skipWhitespace()
                guard current == UInt8(ascii: "\"") else { throw failure("a key is expected") }
                let key = try string()
                guard keys.insert(key, besides: members) else { throw failure("a key is given twice") }
                guard skip(UInt8(ascii: ":")) else { throw failure("a colon is expected") }
                skipWhitespace()
                members.append(JSONObject.Member(key: key, value: try value(depth: depth)))
            } while skip(UInt8(ascii: ","))
            guard skip(UInt8(ascii: "}")) else { throw failure("a comma or closing brace is expected") }
        }
        return JSONObject(members: members)
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
        try enter(depth)
        var values: [JSONValue] = []
        if !skip(UInt8(ascii: "]")) {
            repeat {
                skipWhitespace()
                values.append(try value(depth: depth))
            } while skip(UInt8(ascii: ","))
            guard skip(UInt8(ascii: "]")) else { throw failure("a comma or closing bracket is expected") }
        }
        return values
    }

    /// Past the opening brace or bracket.
    private mutating func enter(_ depth: Int) throws(JSONError) {
        guard depth <= maximumDepth else { throw failure("objects and arrays nest too deep") }
        position += 1
    }

    private mutating func literal(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let end = position + text.utf8.count
        guard end <= bytes.count, bytes[position..<end].elementsEqual(text.utf8) else { throw failure("a value is expected") }
        position = end
        return value
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        var isPlain = !take(UInt8(ascii: "-"))
        let start = position
        var value: UInt64 = 0
        while let digit = digit() {
            // Long digit strings saturate; all that matters is that they are too large.
            value = value > WireLimits.maxInteger ? value : value * 10 + UInt64(digit)
        }
        guard position > start else { throw failure("a digit is expected") }
        guard position == start + 1 || bytes[start] != UInt8(ascii: "0") else {
            throw failure("a number has no leading zero")
        }
        if take(UInt8(ascii: ".")) {
            isPlain = false
            try digits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isPlain = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return isPlain && value <= WireLimits.maxInteger ? .integer(value) : .otherNumber
    }

    private mutating func digits() throws(JSONError) {
        guard digit() != nil else { throw failure("a digit is expected") }
        while digit() != nil {}
    }

    private mutating func digit() -> UInt8? {
        guard let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        position += 1
        return byte - UInt8(ascii: "0")
    }

    // MARK: strings

    // Not inlined: Swift 6.3.1's optimizer crashes on value(depth:) with this inside (ownership verification, release builds).
    @inline(never)
    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(strictUTF8: UnsafeRawBufferPointer(rebasing: bytes[start..<position])) else {
                    throw failure("a string is not UTF-8")
                }
                position += 1
                return text
            case UInt8(ascii: "\\"):
                return try escapedString(from: start)
            case 0..<0x20:
                throw failure("a control character must be escaped")
            default:
                position += 1
            }
        }
        throw failure("a string does not end")
    }

    /// The rare string that needs to be put together.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<position])
        while let byte = current {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: text, as: UTF8.self) else { throw failure("a string is not UTF-8") }
                return text
            case UInt8(ascii: "\\"):
                text.append(contentsOf: UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter)
            case 0..<0x20:
                throw failure("a control character must be escaped")
            default:
                text.append(byte)
            }
        }
        throw failure("a string does not end")
    }

    /// After the backslash.
    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard let byte = current else { throw failure("a string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw failure("no such escape")
        }
    }

    /// After `\u`; a pair of surrogates is one scalar (RFC 8259, section 7), a lone one is nothing.
    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw failure("a surrogate stands alone") }
        let second = try codeUnit()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first - 0xD800) << 10) + UInt32(second - 0xDC00))
        else { throw failure("a surrogate stands alone") }
        return scalar
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = hexDigit(byte) else { throw failure("four hexadecimal digits are expected") }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }

    private func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    // MARK: bytes

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    /// White space, then that byte.
    private mutating func skip(_ byte: UInt8) -> Bool {
        skipWhitespace()
        return take(byte)
    }

    private mutating func skipWhitespace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func failure(_ reason: String) -> JSONError { JSONError(reason: reason, offset: position) }
}

/// The keys of one object. Compared byte by byte: `==` of strings takes different spellings of one character as equal, JSON does not.
private struct KeySet {
    private struct Key: Hashable {
        let text: String

        static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }

    private var keys: Set<Key> = []

    /// - Returns: false when the key was there.
    mutating func insert(_ key: String, besides members: [JSONObject.Member]) -> Bool {
        // Few keys are compared one with another; many go into a set, so that a hostile object costs no quadratic time.
        let few = 12
        guard members.count >= few else {
            // What differs as text differs in bytes as well, and comparing text is fast.
            return !members.contains { $0.key == key && $0.key.utf8.elementsEqual(key.utf8) }
        }
        if members.count == few { keys = Set(members.map { Key(text: $0.key) }) }
        return keys.insert(Key(text: key)).inserted
    }
}
