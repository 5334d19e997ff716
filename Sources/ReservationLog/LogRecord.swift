import Glibc
import Logging

/// One entry on its way to the writer: values as the caller had them, rendered later and elsewhere.
package struct LogRecord: Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package var time: Int64
    package var level: Logger.Level
    package var message: Logger.Message
    /// What whoever wrote the entry says, by ``Logger/record(_:_:_:file:function:line:)``.
    package var fields: LogFields
    /// What the logger carries and what libraries say.
    package var metadata: Logger.Metadata
    /// The logger's label; written only for messages that are not event names.
    package var label: String
    /// Whether the message is an event's name or free text of some library.
    let isEvent: Bool

    package init(
        time: Int64, level: Logger.Level, message: Logger.Message, fields: LogFields? = nil, metadata: Logger.Metadata = [:], label: String
    ) {
        self.time = time
        self.level = level
        self.message = message
        // Whoever gives such fields gives an event's name; of others nobody knows before looking.
        isEvent = fields != nil || EventName.isEventName(message.description)
        self.fields = fields ?? [:]
        self.metadata = metadata
        self.label = label
    }

    /// Calls `body` with each field, in ``LogKey``'s order and unknown ones after them by name.
    func forEachField(_ body: (LogFieldName, String) -> Void) {
        guard !metadata.isEmpty else {
            for (key, value) in fields.ordered { body(.known(key), value) }
            return
        }
        var known = fields
        var others: [(key: String, value: Logger.MetadataValue)] = []
        for (name, value) in metadata {
            guard let key = Self.keys[name] else {
                others.append((name, value))
                continue
            }
            if known[key] == nil { known[key] = "\(value)" }
        }
        for (key, value) in known.ordered { body(.known(key), value) }
        for (key, value) in others.sorted(by: { $0.key < $1.key }) { body(.other(key), "\(value)") }
    }

    private static let keys: [String: LogKey] = Dictionary(uniqueKeysWithValues: LogKey.allCases.map { ($0.name, $0) })

    /// Now, by the system's clock.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// A field of an entry: one of ours, or one that a library named.
enum LogFieldName {
    case known(LogKey)
    case other(String)
}
