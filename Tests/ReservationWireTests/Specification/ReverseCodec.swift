/// Writes messages from the registry alone, in both encodings, sharing nothing with the code under test: an encoder and a decoder that are
/// written together agree on their common mistakes.
struct ReverseCodec {
    let registry: RegistryFile

    func tlv(_ message: String, _ form: DecodedForm) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for (member, value) in try present(message, form) {
            let field = try registry.field(member.name)
            for item in member.isRepeated ? try list(value) : [value] {
                let content = try member.message.map { try tlv($0, item) } ?? scalar(field.type, item)
                bytes += bigEndian(UInt64(field.tag | (field.critical == true ? 0x8000 : 0)), count: 2)
                bytes += bigEndian(UInt64(content.count), count: 4) + content
            }
        }
        return bytes
    }

    func json(_ message: String, _ form: DecodedForm) throws -> String {
        let members = try present(message, form).map { member, value in
            let items = try (member.isRepeated ? try list(value) : [value]).map { item in
                try member.message.map { try json($0, item) } ?? literal(item)
            }
            return "\"\(member.name)\":" + (member.isRepeated ? "[\(items.joined(separator: ","))]" : items[0])
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// A value for every field that the message can have, no two alike.
    ///
    /// - Parameter keeping: which fields to fill.
    func sample(_ message: String, salt: UInt64 = 0, keeping: (RegistryFile.Member) -> Bool = { _ in true }) throws -> DecodedForm {
        var fields: [String: DecodedForm] = [:]
        for member in try registry.members(of: message) where keeping(member) {
            let values = try (0..<(member.isRepeated ? UInt64(2) : 1)).map { index in
                let salt = salt * 3 + index + UInt64(try registry.field(member.name).tag)
                return try member.message.map { try sample($0, salt: salt) } ?? scalarSample(try registry.field(member.name), salt: salt)
            }
            fields[member.name] = member.isRepeated ? .list(values) : values[0]
        }
        return .fields(fields)
    }

    // MARK: values

    private func present(_ message: String, _ form: DecodedForm) throws -> [(RegistryFile.Member, DecodedForm)] {
        guard case .fields(let fields) = form else { throw Mismatch(message: message) }
        let members = try registry.members(of: message)
        guard Set(fields.keys).isSubset(of: members.map(\.name)) else { throw Mismatch(message: message) }
        return members.compactMap { member in fields[member.name].map { (member, $0) } }
    }

    private func list(_ form: DecodedForm) throws -> [DecodedForm] {
        guard case .list(let values) = form else { throw Mismatch(message: "a list") }
        return values
    }

    private func scalar(_ type: String, _ form: DecodedForm) throws -> [UInt8] {
        switch (type, form) {
        case ("uint", .integer(let value)), ("timestamp", .integer(let value)):
            let bytes = Array(bigEndian(value, count: 8).drop { $0 == 0 })
            return bytes.isEmpty ? [0] : bytes
        case ("bool", .bool(let value)): return [value ? 1 : 0]
        case ("bytes", .string(let text)): return try Hex.bytes(text)
        case ("string", .string(let text)), ("date", .string(let text)), ("time", .string(let text)): return Array(text.utf8)
        default: throw Mismatch(message: type)
        }
    }

    private func literal(_ form: DecodedForm) throws -> String {
        switch form {
        case .integer(let value): return "\(value)"
        case .bool(let value): return "\(value)"
        case .string(let text): return "\"\(text.unicodeScalars.map(escaped).joined())\""
        case .list, .fields: throw Mismatch(message: "a scalar")
        }
    }

    private func escaped(_ scalar: Unicode.Scalar) -> String {
        let short: [Unicode.Scalar: String] = [
            "\"": "\\\"", "\\": "\\\\", "\u{8}": "\\b", "\u{C}": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t",
        ]
        if let escape = short[scalar] { return escape }
        return scalar.value < 0x20 ? "\\u00" + Hex.text([UInt8(scalar.value)]) : String(scalar)
    }

    private func scalarSample(_ field: RegistryFile.Field, salt: UInt64) -> DecodedForm {
        let two = { (value: UInt64) in value < 10 ? "0\(value)" : "\(value)" }
        switch field.type {
        case "uint": return .integer(1_000_000 + salt)
        case "timestamp": return .integer(1_700_000_000 + salt)
        case "bool": return .bool(true)
        case "bytes": return .string(Hex.text((0..<16).map { UInt8(truncatingIfNeeded: salt * 5 + $0) }))
        case "date": return .string("20\(two(salt % 90 + 10))-\(two(salt % 12 + 1))-\(two(salt % 28 + 1))")
        case "time": return .string("\(two(salt % 24)):\(two(salt % 60)):\(two(salt % 59 + 1))")
        default: return .string("\(field.name) \(salt) é🎟\"\\\n\u{1}\u{7F}/")
        }
    }

    private func bigEndian(_ value: UInt64, count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    struct Mismatch: Error {
        let message: String
    }
}
