/// Host labels beyond ASCII in the form DNS carries them (RFC 3492 with the `xn--` prefix of RFC 5890).
enum Punycode {
    /// - Parameter label: in lower case.
    /// - Returns: the label itself when it is ASCII, else `xn--…`; nil when the arithmetic of RFC 3492 would overflow.
    static func asciiLabel(_ label: String) -> String? {
        let scalars = label.unicodeScalars.map(\.value)
        guard scalars.contains(where: { $0 >= 0x80 }) else { return label }
        // A label of more than 63 scalars cannot fit in 63 bytes; this also bounds the quadratic loop below.
        guard scalars.count <= 63 else { return nil }
        var output = scalars.filter { $0 < 0x80 }.map { UInt8($0) }
        let basicCount = output.count
        if basicCount > 0 { output.append(0x2D) }
        var next: UInt32 = 0x80
        var delta: UInt32 = 0
        var bias: UInt32 = 72
        var handled = basicCount
        while handled < scalars.count {
            guard let smallest = scalars.filter({ $0 >= next }).min() else { return nil }
            let (step, overflow) = (smallest - next).multipliedReportingOverflow(by: UInt32(handled + 1))
            guard !overflow, delta <= UInt32.max - step else { return nil }
            delta += step
            next = smallest
            for scalar in scalars {
                if scalar < next { delta += 1 }
                if scalar == next {
                    appendVariableLength(delta, bias: bias, to: &output)
                    bias = adaptedBias(delta: delta, count: UInt32(handled + 1), first: handled == basicCount)
                    delta = 0
                    handled += 1
                }
            }
            delta += 1
            next += 1
        }
        return "xn--" + String(decoding: output, as: UTF8.self)
    }

    private static func appendVariableLength(_ delta: UInt32, bias: UInt32, to output: inout [UInt8]) {
        var rest = delta
        var k: UInt32 = 36
        while true {
            let threshold = k <= bias ? 1 : min(k - bias, 26)
            guard rest >= threshold else { break }
            output.append(digit(threshold + (rest - threshold) % (36 - threshold)))
            rest = (rest - threshold) / (36 - threshold)
            k += 36
        }
        output.append(digit(rest))
    }

    private static func digit(_ value: UInt32) -> UInt8 {
        UInt8(value < 26 ? 0x61 + value : 0x30 + value - 26)
    }

    /// Section 6.1 of RFC 3492.
    private static func adaptedBias(delta: UInt32, count: UInt32, first: Bool) -> UInt32 {
        var rest = first ? delta / 700 : delta / 2
        rest += rest / count
        var k: UInt32 = 0
        while rest > 455 {
            rest /= 35
            k += 36
        }
        return k + 36 * rest / (rest + 38)
    }
}
