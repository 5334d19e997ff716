import NIOCore

/// Writes compact JSON straight into a buffer: no white space, only the escapes that JSON requires.
///
/// Commas are its own business; that keys stand in objects and objects end is the caller's.
package struct JSONWriter {
    /// What has been written, after what the buffer held before.
    package private(set) var buffer: ByteBuffer
    private var needsComma = false

    /// Starts with an empty buffer.
    package init() {
        buffer = ByteBuffer()
    }

    /// Takes the buffer's bytes over, so that appending does not copy them; ``giveBack(_:)`` returns them.
    package init(appendingTo buffer: inout ByteBuffer) {
        self.buffer = buffer
        buffer = ByteBuffer()
    }

    /// Returns what was taken over, with what has been written after it.
    package consuming func giveBack(_ buffer: inout ByteBuffer) {
        buffer = self.buffer
    }

    /// Members follow, each a ``key(_:)`` and a value.
    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    /// Closes the object that was opened last.
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    /// Values follow.
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    /// Closes the array that was opened last.
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// The name of the member whose value follows.
    package mutating func key(_ key: String) {
        quote(key, then: UInt8(ascii: ":"))
        needsComma = false
    }

    /// A string, escaped no more than it must be.
    package mutating func string(_ text: String) {
        quote(text, then: nil)
    }

    /// A number.
    package mutating func integer(_ value: UInt64) {
        raw(String(value))
    }

    /// A number.
    package mutating func integer(_ value: Int) {
        raw(String(value))
    }

    /// `true` or `false`.
    package mutating func bool(_ value: Bool) {
        raw(value ? "true" : "false")
    }

    /// `null`.
    package mutating func null() {
        raw("null")
    }

    // MARK: bytes

    private mutating func open(_ bracket: UInt8) {
        separate()
        buffer.writeInteger(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        buffer.writeInteger(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { buffer.writeInteger(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// A value that needs no escape.
    private mutating func raw(_ text: String) {
        separate()
        buffer.writeString(text)
    }

    /// - Parameter last: follows the closing quote.
    private mutating func quote(_ text: String, then last: UInt8?) {
        var text = text
        text.withUTF8 { text in
            guard !text.contains(where: Self.mustBeEscaped) else { return quoteEscaped(text, then: last) }
            // One access to the buffer: its checks cost more than the few bytes.
            let isSeparated = needsComma
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: text.count + 4) { bytes in
                var count = 0
                if isSeparated {
                    bytes[0] = UInt8(ascii: ",")
                    count = 1
                }
                bytes[count] = UInt8(ascii: "\"")
                UnsafeMutableRawBufferPointer(rebasing: bytes[(count + 1)...]).copyMemory(from: UnsafeRawBufferPointer(text))
                count += text.count + 1
                bytes[count] = UInt8(ascii: "\"")
                if let last {
                    count += 1
                    bytes[count] = last
                }
                return count + 1
            }
        }
        needsComma = true
    }

    private mutating func quoteEscaped(_ text: UnsafeBufferPointer<UInt8>, then last: UInt8?) {
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        for byte in text {
            if Self.mustBeEscaped(byte) { writeEscape(of: byte) } else { buffer.writeInteger(byte) }
        }
        buffer.writeInteger(UInt8(ascii: "\""))
        if let last { buffer.writeInteger(last) }
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func writeEscape(of byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): buffer.writeString("\\\"")
        case UInt8(ascii: "\\"): buffer.writeString("\\\\")
        case 0x08: buffer.writeString("\\b")
        case 0x09: buffer.writeString("\\t")
        case 0x0A: buffer.writeString("\\n")
        case 0x0C: buffer.writeString("\\f")
        case 0x0D: buffer.writeString("\\r")
        default:
            buffer.writeString("\\u00")
            buffer.writeInteger(LowercaseHex.digit(byte >> 4))
            buffer.writeInteger(LowercaseHex.digit(byte & 0x0F))
        }
    }
}
