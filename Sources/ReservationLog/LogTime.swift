import Glibc

/// Writes times in RFC 3339's form, UTC with milliseconds. Remembers the second: thousands of lines share one.
struct LogTime {
    private var second = Int64.min
    /// Up to the point before the milliseconds.
    private var text: [UInt8] = []

    /// - Parameter nanoseconds: since 1970-01-01T00:00:00Z.
    mutating func append(_ nanoseconds: Int64, to line: inout [UInt8]) {
        let second = nanoseconds / 1_000_000_000
        if second != self.second {
            self.second = second
            text = Self.text(second)
        }
        line.append(contentsOf: text)
        Self.append(Int(nanoseconds / 1_000_000 % 1000), digits: 3, to: &line)
        line.append(0x5A)
    }

    private static func text(_ second: Int64) -> [UInt8] {
        var seconds = time_t(second)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text: [UInt8] = []
        let pieces = [
            (Int(parts.tm_year) + 1900, 4, 0x2D), (Int(parts.tm_mon) + 1, 2, 0x2D), (Int(parts.tm_mday), 2, 0x54),
            (Int(parts.tm_hour), 2, 0x3A), (Int(parts.tm_min), 2, 0x3A), (Int(parts.tm_sec), 2, 0x2E as UInt8),
        ]
        for (value, digits, end) in pieces {
            append(value, digits: digits, to: &text)
            text.append(end)
        }
        return text
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
