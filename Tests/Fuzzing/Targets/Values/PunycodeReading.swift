/// The way back from punycode (RFC 3492, section 6.2), which the product never goes: it keeps the writer honest.
enum PunycodeReading {
    /// - Parameter label: without `xn--`.
    /// - Returns: nil when it is no punycode.
    static func scalars(_ label: [UInt8]) -> [UInt32]? {
        let hyphen = label.lastIndex(of: UInt8(ascii: "-"))
        var scalars = label[..<(hyphen ?? 0)].map { UInt32($0) }
        var rest = label[(hyphen.map { $0 + 1 } ?? 0)...]
        var (next, index, bias) = (UInt32(128), UInt32(0), UInt32(72))
        while !rest.isEmpty {
            let start = index
            var (weight, position) = (UInt32(1), UInt32(36))
            while true {
                guard let byte = rest.popFirst(), let digit = digit(byte) else { return nil }
                index += digit * weight
                let threshold = position <= bias ? 1 : position >= bias + 26 ? 26 : position - bias
                guard digit >= threshold else { break }
                weight *= 36 - threshold
                position += 36
            }
            let count = UInt32(scalars.count + 1)
            bias = adapt(index - start, count, isFirst: start == 0)
            next += index / count
            index %= count
            scalars.insert(next, at: Int(index))
            index += 1
        }
        return scalars
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a"))
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 26
        default: nil
        }
    }

    private static func adapt(_ delta: UInt32, _ count: UInt32, isFirst: Bool) -> UInt32 {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var position: UInt32 = 0
        while delta > (35 * 26) / 2 {
            delta /= 35
            position += 36
        }
        return position + 36 * delta / (delta + 38)
    }
}
