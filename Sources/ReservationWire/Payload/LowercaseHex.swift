/// Bytes as JSON carries them: two lower-case hexadecimal digits each.
package enum LowercaseHex {
    /// - Parameter value: 0 to 15.
    static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// - Returns: nil for anything but a lower-case digit.
    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    /// 32 digits.
    package static func text(_ value: UInt128) -> String {
        String(unsafeUninitializedCapacity: 32) { digits in
            for index in 0..<32 {
                digits[index] = digit(UInt8(truncatingIfNeeded: value >> UInt128(124 - 4 * index)) & 0x0F)
            }
            return 32
        }
    }

    /// - Returns: nil unless there are exactly 32 lower-case digits.
    package static func value(_ text: String) -> UInt128? {
        guard text.utf8.count == 32 else { return nil }
        var value: UInt128 = 0
        for byte in text.utf8 {
            guard let digit = self.value(of: byte) else { return nil }
            value = value << 4 | UInt128(digit)
        }
        return value
    }

    /// Two digits a byte.
    package static func text(_ bytes: [UInt8]) -> String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { digits in
            for (index, byte) in bytes.enumerated() {
                digits[2 * index] = digit(byte >> 4)
                digits[2 * index + 1] = digit(byte & 0x0F)
            }
            return 2 * bytes.count
        }
    }

    /// - Returns: nil unless there are lower-case digits only, and an even number of them.
    package static func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for byte in text.utf8 {
            guard let digit = value(of: byte) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }
}
