import Glibc
import Logging

/// The readable form: `2026-11-23T10:00:00.123Z info reservation.creation.success ticket_id=7 slot_id=3`.
enum LogLine {
    /// Appends the whole line with its line feed.
    static func append(_ record: LogRecord, to line: inout [UInt8]) {
        appendTime(record.time, to: &line)
        line.append(0x20)
        line.append(contentsOf: record.level.rawValue.utf8)
        line.append(0x20)
        appendMessage(record, to: &line)
        line.append(0x0A)
    }

    /// The message and its fields, which is also what `journalctl` shows.
    static func appendMessage(_ record: LogRecord, to line: inout [UInt8]) {
        let message = record.message.description
        if EventName.isEventName(message) {
            line.append(contentsOf: message.utf8)
        } else {
            LogText.append(record.label, to: &line)
            line.append(contentsOf: ": ".utf8)
            LogText.append(message, to: &line)
        }
        for (key, value) in record.orderedFields {
            line.append(0x20)
            LogText.append(key, to: &line)
            line.append(0x3D)
            LogText.append(value, to: &line)
        }
    }

    /// RFC 3339 in UTC with milliseconds.
    private static func appendTime(_ nanoseconds: Int64, to line: inout [UInt8]) {
        var seconds = time_t(nanoseconds / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        append(Int(parts.tm_year) + 1900, digits: 4, to: &line)
        line.append(0x2D)
        append(Int(parts.tm_mon) + 1, digits: 2, to: &line)
        line.append(0x2D)
        append(Int(parts.tm_mday), digits: 2, to: &line)
        line.append(0x54)
        append(Int(parts.tm_hour), digits: 2, to: &line)
        line.append(0x3A)
        append(Int(parts.tm_min), digits: 2, to: &line)
        line.append(0x3A)
        append(Int(parts.tm_sec), digits: 2, to: &line)
        line.append(0x2E)
        append(Int(nanoseconds / 1_000_000 % 1000), digits: 3, to: &line)
        line.append(0x5A)
    }

    private static func append(_ value: Int, digits: Int, to line: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            line.append(UInt8(0x30 + value / divisor % 10))
            divisor /= 10
        }
    }
}
