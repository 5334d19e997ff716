/// The readable form: `2026-11-23T10:00:00.123Z info reservation.creation.success ticket_id=7 slot_id=3`.
enum LogLine {
    /// Appends the whole line with its line feed.
    static func append(_ record: LogRecord, to line: inout [UInt8], clock: inout LogTime) {
        clock.append(record.time, to: &line)
        line.append(0x20)
        line.append(contentsOf: record.level.rawValue.utf8)
        line.append(0x20)
        appendMessage(record, to: &line)
        line.append(0x0A)
    }

    /// The message and its fields, which is also what `journalctl` shows.
    static func appendMessage(_ record: LogRecord, to line: inout [UInt8]) {
        let message = record.message.description
        if record.isEvent {
            line.append(contentsOf: message.utf8)
        } else {
            LogText.append(record.label, to: &line)
            line.append(contentsOf: ": ".utf8)
            LogText.append(message, to: &line)
        }
        record.forEachField { name, value in
            line.append(0x20)
            switch name {
            case .known(let key): line.append(contentsOf: key.name.utf8)
            case .other(let name): LogText.append(name, to: &line)
            }
            line.append(0x3D)
            LogText.append(value, to: &line)
        }
    }
}
