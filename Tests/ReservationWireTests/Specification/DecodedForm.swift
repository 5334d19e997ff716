import ReservationCore
import ReservationWire

/// A message as the vectors show it: JSON's names and values, whatever the encoding.
enum DecodedForm: Hashable, Decodable {
    case integer(UInt64)
    case bool(Bool)
    case string(String)
    case list([DecodedForm])
    case fields([String: DecodedForm])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([DecodedForm].self) {
            self = .list(value)
        } else {
            self = .fields(try container.decode([String: DecodedForm].self))
        }
    }

    /// What a message's stored properties hold, found by reflection: neither codec takes part, so a field that is read into the wrong
    /// property shows even when it is written from the wrong property as well.
    init(reflecting message: any WireMessage, names: PropertyNames) throws {
        var fields: [String: DecodedForm] = [:]
        for child in Mirror(reflecting: message).children {
            guard let label = child.label else { throw Unreadable(what: "a property without a name") }
            if let value = try Self.value(child.value, names) { fields[try names.field(label)] = value }
        }
        self = .fields(fields)
    }

    private static func value(_ whole: Any, _ names: PropertyNames) throws -> DecodedForm? {
        switch whole {
        case let value as UInt64: return .integer(value)
        case let value as Bool: return .bool(value)
        case let value as String: return .string(value)
        // By its exact type: an empty array of anything can be cast to one of bytes.
        case let value as [UInt8] where type(of: whole) == [UInt8].self: return .string(Hex.text(value))
        case let value as UInt128: return .string(padded(String(value, radix: 16), to: 32))
        case let value as Instant: return .integer(UInt64(value.seconds))
        case let value as CalendarDate:
            let parts = value.components
            return .string("\(parts.year)-\(padded("\(parts.month)", to: 2))-\(padded("\(parts.day)", to: 2))")
        case let value as TimeOfDay:
            let (hour, minute, second) = (value.seconds / 3600, value.seconds / 60 % 60, value.seconds % 60)
            return .string([hour, minute, second].map { padded("\($0)", to: 2) }.joined(separator: ":"))
        case let value as any WireMessage: return try DecodedForm(reflecting: value, names: names)
        default: return try container(whole, names)
        }
    }

    private static func container(_ value: Any, _ names: PropertyNames) throws -> DecodedForm? {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            guard let content = mirror.children.first else { return nil }
            return try Self.value(content.value, names)
        case .collection:
            let values = try mirror.children.compactMap { try Self.value($0.value, names) }
            return values.isEmpty ? nil : .list(values)
        default:
            throw Unreadable(what: "\(type(of: value))")
        }
    }

    private static func padded(_ text: String, to count: Int) -> String {
        String(repeating: "0", count: max(0, count - text.count)) + text
    }

    struct Unreadable: Error {
        let what: String
    }
}

/// How a registry name is spelt as a Swift property: `retry_after_ms` is `retryAfterMilliseconds`.
struct PropertyNames {
    private let fieldByProperty: [String: String]

    init(_ registry: RegistryFile) {
        fieldByProperty = Dictionary(uniqueKeysWithValues: registry.fields.map { (Self.property($0.name), $0.name) })
    }

    func field(_ property: String) throws -> String {
        guard let field = fieldByProperty[property] else { throw RegistryFile.Unknown(name: property) }
        return field
    }

    static func property(_ field: String) -> String {
        // `operator` is a word of Swift's own.
        if field == "operator" { return "operatorID" }
        let words = field.split(separator: "_").map(String.init)
        let units = ["id": "ID", "ms": "Milliseconds", "us": "Microseconds", "s": "Seconds"]
        return words[0] + words.dropFirst().map { units[$0] ?? $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}
