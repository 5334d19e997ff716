import Logging

/// An entry as journald's native protocol has it: `NAME=value` fields, one after another in one buffer.
struct JournalEntry {
    /// All fields without separators; ``ends`` tells where each stops.
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [Int] = []

    /// The fields as text, for tests.
    var fields: [String] {
        var start = 0
        return ends.map { end in
            defer { start = end }
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }
    }

    /// Replaces what was there; the storage is used again.
    mutating func fill(_ record: LogRecord, program: String) {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: "MESSAGE=".utf8)
        LogLine.appendMessage(record, to: &bytes)
        ends.append(bytes.count)
        append("PRIORITY", Self.priority(record.level))
        append("SYSLOG_IDENTIFIER", program)
        if record.isEvent {
            let message = record.message.description
            append("RESERVATION_EVENT", message)
            if let id = MessageID.table[message] { append("MESSAGE_ID", id) }
        }
        record.forEachField { name, value in
            switch name {
            case .known(let key): append(Self.names[Int(key.rawValue)], value)
            case .other(let name):
                if let name = Self.fieldName(name) { append(name, value) }
            }
        }
    }

    private mutating func append(_ name: String, _ value: String) {
        bytes.append(contentsOf: name.utf8)
        bytes.append(0x3D)
        bytes.append(contentsOf: value.utf8.prefix(LogText.valueBytes))
        ends.append(bytes.count)
    }

    /// syslog's numbers, `PRIORITY` in systemd.journal-fields(7).
    private static func priority(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "7"
        case .info: "6"
        case .notice: "5"
        case .warning: "4"
        case .error: "3"
        case .critical: "2"
        }
    }

    /// Fields with a meaning of their own, which no metadata may overwrite.
    private static let reserved: Set<String> = [
        "MESSAGE", "MESSAGE_ID", "PRIORITY", "SYSLOG_IDENTIFIER", "RESERVATION_EVENT", "ERRNO", "TID",
    ]

    /// By ``LogKey``'s number.
    private static let names = LogKey.allCases.map { fieldName($0.name) ?? "" }

    /// journald drops fields that are not `[A-Z][A-Z0-9_]{0,63}` (journal_field_valid), a leading underscore is its own.
    static func fieldName(_ key: String) -> String? {
        var name = key.utf8.prefix(52).map { byte -> UInt8 in
            switch byte {
            case 0x61...0x7A: byte - 0x20
            case 0x41...0x5A, 0x30...0x39: byte
            default: 0x5F
            }
        }
        guard let first = name.first else { return nil }
        if !(first >= 0x41 && first <= 0x5A) || reserved.contains(String(decoding: name, as: UTF8.self)) {
            name.insert(contentsOf: "RESERVATION_".utf8, at: 0)
        }
        return String(decoding: name, as: UTF8.self)
    }
}
