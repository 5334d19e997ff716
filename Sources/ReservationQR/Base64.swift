/// Base64 with padding (RFC 4648, section 4).
package enum Base64 {
    /// `prefix`, which is ASCII, and after it the encoded bytes.
    package static func encode(_ bytes: [UInt8], prefix: StaticString = "") -> String {
        let groups = (bytes.count + 2) / 3
        return String(unsafeUninitializedCapacity: prefix.utf8CodeUnitCount + groups * 4) { text in
            prefix.withUTF8Buffer { text.baseAddress?.initialize(from: $0.baseAddress!, count: $0.count) }
            var position = prefix.utf8CodeUnitCount
            alphabet.withUTF8Buffer { alphabet in
                for start in stride(from: 0, to: bytes.count, by: 3) {
                    let left = bytes.count - start
                    let first = UInt32(bytes[start]) << 16
                    let second = left > 1 ? UInt32(bytes[start + 1]) << 8 : 0
                    let third = left > 2 ? UInt32(bytes[start + 2]) : 0
                    let group = first | second | third
                    text[position] = alphabet[Int(group >> 18)]
                    text[position + 1] = alphabet[Int(group >> 12 & 0x3F)]
                    text[position + 2] = left > 1 ? alphabet[Int(group >> 6 & 0x3F)] : 0x3D
                    text[position + 3] = left > 2 ? alphabet[Int(group & 0x3F)] : 0x3D
                    position += 4
                }
            }
            return position
        }
    }

    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
}
