/// Bytes as JSON carries them: two lower-case hexadecimal digits each.
package enum LowercaseHex {
    /// - Parameter value: 0 to 15.
    static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
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
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt128(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt128(byte - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}
