/// Draws decisions from the front of an input. At the end everything is 0, so that each prefix of an input means something as well.
struct InputCursor {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
    }

    var isAtEnd: Bool { bytes.isEmpty }

    mutating func byte() -> UInt8 { bytes.popFirst() ?? 0 }

    /// - Parameter count: at most 256.
    mutating func choice(of count: Int) -> Int { Int(byte()) % count }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[choice(of: elements.count)] }

    /// Big-endian.
    mutating func integer<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer {
        (0..<Integer.bitWidth / 8).reduce(0) { value, _ in value << 8 | Integer(truncatingIfNeeded: byte()) }
    }

    /// At most `count` bytes.
    mutating func take(_ count: Int) -> [UInt8] {
        let taken = Array(bytes.prefix(count))
        bytes = bytes.dropFirst(count)
        return taken
    }

    /// All that is left.
    mutating func rest() -> [UInt8] { take(bytes.count) }
}
