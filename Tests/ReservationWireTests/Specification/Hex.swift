import NIOCore

/// Bytes written as lower-case hexadecimal digits without spaces, as in the golden vectors.
enum Hex {
    static func bytes(_ text: String) throws -> [UInt8] {
        let digits = Array(text.utf8)
        guard digits.count.isMultiple(of: 2) else { throw MalformedHex() }
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else { throw MalformedHex() }
            return byte
        }
    }

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    struct MalformedHex: Error {}
}

extension ByteBuffer {
    /// All readable bytes.
    var array: [UInt8] { Array(readableBytesView) }
}
