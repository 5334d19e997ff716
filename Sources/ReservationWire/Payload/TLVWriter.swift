import NIOCore
import ReservationCore

/// Writes fields as TLV elements straight into a buffer: u16 tag, u32 length, value. A nested message's length is filled in afterwards.
package struct TLVWriter: FieldWriter {
    private var buffer: ByteBuffer

    /// Takes the buffer's bytes over, so that appending does not copy them; ``giveBack(_:)`` returns them.
    init(appendingTo buffer: inout ByteBuffer) {
        self.buffer = buffer
        buffer = ByteBuffer()
    }

    consuming func giveBack(_ buffer: inout ByteBuffer) {
        buffer = self.buffer
    }

    package mutating func write(_ tag: FieldTag, _ value: UInt64) {
        // 0 takes one byte like 1 to 255.
        let byteCount = max(1, (71 - value.leadingZeroBitCount) / 8)
        let leftAligned = value << UInt64(64 - 8 * byteCount)
        buffer.writeMultipleIntegers(tag.wireValue, UInt32(byteCount), leftAligned)
        buffer.moveWriterIndex(to: buffer.writerIndex - (8 - byteCount))
    }

    package mutating func write(_ tag: FieldTag, _ value: Bool) {
        buffer.writeMultipleIntegers(tag.wireValue, UInt32(1), value ? UInt8(1) : UInt8(0))
    }

    package mutating func write(_ tag: FieldTag, _ value: String) {
        buffer.writeMultipleIntegers(tag.wireValue, UInt32(value.utf8.count))
        buffer.writeString(value)
    }

    package mutating func write(_ tag: FieldTag, _ value: UInt128) {
        buffer.writeMultipleIntegers(
            tag.wireValue, UInt32(16), UInt64(truncatingIfNeeded: value >> 64), UInt64(truncatingIfNeeded: value))
    }

    package mutating func write(_ tag: FieldTag, _ value: CalendarDate) {
        value.withASCII { write(tag, bytes: $0) }
    }

    package mutating func write(_ tag: FieldTag, _ value: TimeOfDay) {
        value.withASCII { write(tag, bytes: $0) }
    }

    package mutating func write(_ tag: FieldTag, _ value: some WireMessage) {
        buffer.writeMultipleIntegers(tag.wireValue, UInt32(0))
        let start = buffer.writerIndex
        value.write(to: &self)
        buffer.setInteger(UInt32(buffer.writerIndex - start), at: start - 4)
    }

    package mutating func write(_ tag: FieldTag, _ values: [some WireMessage]) {
        for value in values { write(tag, value) }
    }

    package mutating func write(_ tag: FieldTag, _ values: [String]) {
        for value in values { write(tag, value) }
    }

    private mutating func write(_ tag: FieldTag, bytes: UnsafeRawBufferPointer) {
        buffer.writeMultipleIntegers(tag.wireValue, UInt32(bytes.count))
        buffer.writeBytes(bytes)
    }
}
