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

    package consuming func giveBack(_ buffer: inout ByteBuffer) {
        buffer = self.buffer
    }

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    package mutating func key(_ key: String) {
        string(key)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        separate()
        buffer.writeInteger(UInt8(ascii: "\""))
        writeEscaped(text)
        buffer.writeInteger(UInt8(ascii: "\""))
    }

    package mutating func integer(_ value: UInt64) {
        separate()
        buffer.writeString(String(value))
    }

    package mutating func integer(_ value: Int) {
        separate()
        buffer.writeString(String(value))
    }

    package mutating func bool(_ value: Bool) {
        separate()
        buffer.writeString(value ? "true" : "false")
    }

    package mutating func null() {
        separate()
        buffer.writeString("null")
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

    private mutating func writeEscaped(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var written = 0
            for (index, byte) in bytes.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[written..<index]))
                writeEscape(of: byte)
                written = index + 1
            }
            buffer.writeBytes(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[written...]))
        }
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
