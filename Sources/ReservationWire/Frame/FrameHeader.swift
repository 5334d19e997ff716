import NIOCore

/// The 24 bytes before every payload, big-endian (spec: offsets 0, 4, 5, 6, 8, 16, 20, 22, 23).
///
/// Type, opcode and status stay numbers here: a header may carry what this side does not know.
package struct FrameHeader: Hashable, Sendable {
    /// Bytes of payload that follow.
    package var payloadLength: UInt32
    /// See ``FrameType``.
    package var rawType: UInt8
    /// See ``FrameFlags``.
    package var flags: UInt8
    /// See ``Opcode``; 0 where no operation is meant.
    package var opcode: UInt16
    /// Chosen by the client; 0 is the connection itself.
    package var requestID: UInt64
    /// Milliseconds that are left for a REQUEST; 0 is the server's default.
    package var deadlineMilliseconds: UInt32
    /// See ``Status``; 0 except in ERROR.
    package var status: UInt16
    /// How the payload is written.
    package var encoding: Encoding

    /// A header of any type, of one that this side does not know for instance.
    package init(
        payloadLength: UInt32 = 0, rawType: UInt8, flags: UInt8 = 0, opcode: UInt16 = 0, requestID: UInt64 = 0,
        deadlineMilliseconds: UInt32 = 0, status: UInt16 = 0, encoding: Encoding = .none
    ) {
        self.payloadLength = payloadLength
        self.rawType = rawType
        self.flags = flags
        self.opcode = opcode
        self.requestID = requestID
        self.deadlineMilliseconds = deadlineMilliseconds
        self.status = status
        self.encoding = encoding
    }

    /// A header of a known type.
    package init(
        _ type: FrameType, payloadLength: UInt32 = 0, flags: UInt8 = 0, opcode: UInt16 = 0, requestID: UInt64 = 0,
        deadlineMilliseconds: UInt32 = 0, status: UInt16 = 0, encoding: Encoding = .none
    ) {
        self.init(
            payloadLength: payloadLength, rawType: type.rawValue, flags: flags, opcode: opcode, requestID: requestID,
            deadlineMilliseconds: deadlineMilliseconds, status: status, encoding: encoding)
    }

    /// The type, or nil when this side does not know it.
    package var type: FrameType? { FrameType(rawValue: rawType) }

    /// Whether this answers from memory what was asked before under the same idempotency key.
    package var isReplayed: Bool { flags & FrameFlags.replayed != 0 }

    /// Appends the 24 bytes.
    package func write(into buffer: inout ByteBuffer) {
        // One access to the buffer: its checks cost more than the bytes.
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: WireLimits.headerBytes) { bytes in
            bytes.storeBytes(of: payloadLength.bigEndian, as: UInt32.self)
            bytes[4] = rawType
            bytes[5] = flags
            bytes.storeBytes(of: opcode.bigEndian, toByteOffset: 6, as: UInt16.self)
            bytes.storeBytes(of: requestID.bigEndian, toByteOffset: 8, as: UInt64.self)
            bytes.storeBytes(of: deadlineMilliseconds.bigEndian, toByteOffset: 16, as: UInt32.self)
            bytes.storeBytes(of: status.bigEndian, toByteOffset: 20, as: UInt16.self)
            bytes[22] = encoding.rawValue
            bytes[23] = 0
            return WireLimits.headerBytes
        }
    }
}
