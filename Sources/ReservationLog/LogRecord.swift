import Glibc
import Logging

/// One entry on its way to the writer: values as the caller had them, rendered later and elsewhere.
package struct LogRecord: Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package var time: Int64
    package var level: Logger.Level
    package var message: Logger.Message
    package var metadata: Logger.Metadata
    /// The logger's label; written only for messages that are not event names.
    package var label: String

    package init(time: Int64, level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata, label: String) {
        self.time = time
        self.level = level
        self.message = message
        self.metadata = metadata
        self.label = label
    }

    /// The fields in ``LogKey``'s order, unknown ones after them by name.
    var orderedFields: [(key: String, value: String)] {
        metadata
            .map { (rank: Self.rank[$0.key] ?? Int.max, key: $0.key, value: $0.value) }
            .sorted { ($0.rank, $0.key) < ($1.rank, $1.key) }
            .map { ($0.key, "\($0.value)") }
    }

    private static let rank: [String: Int] = Dictionary(
        uniqueKeysWithValues: LogKey.allCases.enumerated().map { ($1.rawValue, $0) })

    /// Now, by the system's clock.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
