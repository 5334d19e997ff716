/// A time on the clock, 00:00:00 to 23:59:59, without a time zone.
package struct TimeOfDay: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Seconds since midnight on a clock that is never put forward or back.
    package let seconds: Int32

    package init?(hour: Int, minute: Int, second: Int = 0) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second) else { return nil }
        self.seconds = Int32(hour * 3600 + minute * 60 + second)
    }

    /// - Parameter seconds: since midnight; nil when it is another day's.
    package init?(seconds: Int32) {
        guard (0..<86_400).contains(seconds) else { return nil }
        self.seconds = seconds
    }

    /// - Parameter text: exactly `HH:MM:SS`.
    package init?(_ text: some StringProtocol) {
        self.init(ascii: text.utf8)
    }

    /// - Parameter text: `HH:MM` or `HH:MM:SS`, as operators type it.
    package init?(typed text: some StringProtocol) {
        self.init(text.utf8.count == 5 ? "\(text):00" : String(text))
    }

    /// - Parameter ascii: exactly the eight bytes of `HH:MM:SS`.
    package init?(ascii: some Collection<UInt8>) {
        let bytes = Array(ascii)
        guard bytes.count == 8, bytes[2] == 0x3A, bytes[5] == 0x3A,
            let hour = decimal(bytes[0..<2]), let minute = decimal(bytes[3..<5]), let second = decimal(bytes[6..<8])
        else { return nil }
        self.init(hour: hour, minute: minute, second: second)
    }

    package static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

    /// The eight bytes of `HH:MM:SS`, handed over without making a string.
    package func withASCII<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let total = Int(seconds)
        return withUnsafeTemporaryAllocation(byteCount: 8, alignment: 1) { buffer in
            put(total / 3600, digits: 2, in: buffer, at: 0)
            buffer[2] = 0x3A
            put(total / 60 % 60, digits: 2, in: buffer, at: 3)
            buffer[5] = 0x3A
            put(total % 60, digits: 2, in: buffer, at: 6)
            return body(UnsafeRawBufferPointer(buffer))
        }
    }

    package var description: String { withASCII { String(decoding: $0, as: UTF8.self) } }
}

/// A point in time: whole seconds since 1970-01-01T00:00:00Z.
package struct Instant: Hashable, Sendable, Comparable {
    package let seconds: Int64

    package init(seconds: Int64) {
        self.seconds = seconds
    }

    package static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

    /// `YYYY-MM-DDTHH:MM:SSZ` (RFC 3339).
    package var iso8601: String {
        let day = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        let rest = Int(seconds - day * 86_400)
        guard let date = CalendarDate(dayNumber: Int(day)),
            let time = TimeOfDay(hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60)
        else { return "@\(seconds)" }
        return "\(date)T\(time)Z"
    }
}
