extension String {
    /// The text that the bytes are in UTF-8.
    ///
    /// - Returns: nil when they are not strictly UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
    init?(strictUTF8 bytes: UnsafeRawBufferPointer) {
        if bytes.isASCII {
            // Nothing to repair, so this does not; it is several times faster than the other for short strings.
            self.init(decoding: bytes, as: UTF8.self)
        } else {
            self.init(validating: bytes, as: UTF8.self)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether no byte has its highest bit set.
    fileprivate var isASCII: Bool {
        var bits: UInt64 = 0
        var index = 0
        while index + 8 <= count {
            bits |= loadUnaligned(fromByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < count {
            bits |= UInt64(self[index])
            index += 1
        }
        return bits & 0x8080_8080_8080_8080 == 0
    }
}
