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
        // All eight bytes are stored, the significant ones first; the next element overwrites the others.
        let leftAligned = value << UInt64(64 - 8 * byteCount)
        element(tag, byteCount, room: 8) { $0.storeBytes(of: leftAligned.bigEndian, as: UInt64.self) }
    }

    package mutating func write(_ tag: FieldTag, _ value: Bool) {
        element(tag, 1, room: 1) { $0[0] = value ? 1 : 0 }
    }

    package mutating func write(_ tag: FieldTag, _ value: String) {
        var value = value
        value.withUTF8 { text in
            element(tag, text.count, room: text.count) { $0.copyMemory(from: UnsafeRawBufferPointer(text)) }
        }
    }

    package mutating func write(_ tag: FieldTag, _ value: UInt128) {
        element(tag, 16, room: 16) { $0.storeBytes(of: value.bigEndian, as: UInt128.self) }
    }

    package mutating func write(_ tag: FieldTag, _ value: [UInt8]) {
        value.withUnsafeBytes { bytes in
            element(tag, bytes.count, room: bytes.count) { $0.copyMemory(from: bytes) }
        }
    }

    package mutating func write(_ tag: FieldTag, _ value: CalendarDate) {
        element(tag, CalendarDate.wireBytes, room: CalendarDate.wireBytes) { value.store(in: $0) }
    }

    package mutating func write(_ tag: FieldTag, _ value: TimeOfDay) {
        element(tag, TimeOfDay.wireBytes, room: TimeOfDay.wireBytes) { value.store(in: $0) }
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

    /// One access to the buffer for each element: its checks cost more than the few bytes.
    ///
    /// - Parameters:
    ///   - count: bytes of the value.
    ///   - room: bytes that `fill` may store; at least `count`.
    @inline(__always)
    private mutating func element(_ tag: FieldTag, _ count: Int, room: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
        let header = WireLimits.elementHeaderBytes
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: header + room) { bytes in
            bytes.storeBytes(of: tag.wireValue.bigEndian, as: UInt16.self)
            bytes.storeBytes(of: UInt32(count).bigEndian, toByteOffset: 2, as: UInt32.self)
            fill(UnsafeMutableRawBufferPointer(rebasing: bytes[header..<header + room]))
            return header + count
        }
    }
}
