import NIOCore

/// The 24 bytes as they came, before anything about them is believed.
struct RawHeader {
    let payloadLength: UInt32
    let type: UInt8
    let flags: UInt8
    let opcode: UInt16
    let requestID: UInt64
    let deadlineMilliseconds: UInt32
    let status: UInt16
    let encoding: UInt8
    let reserved: UInt8

    /// Consumes 24 bytes.
    ///
    /// - Returns: nil, and nothing consumed, when fewer are there.
    init?(readingFrom buffer: inout ByteBuffer) {
        guard
            let raw = buffer.readMultipleIntegers(
                as: (UInt32, UInt8, UInt8, UInt16, UInt64, UInt32, UInt16, UInt8, UInt8).self)
        else { return nil }
        (payloadLength, type, flags, opcode, requestID, deadlineMilliseconds, status, encoding, reserved) = raw
    }

    /// Whether the frame is to be skipped whole, whatever else its header says.
    var isSkippable: Bool { type >= FrameType.firstSkippable }
}

/// What a header must be, whatever came before it. The order of the checks is part of the protocol: peers are told the first that fails.
extension RawHeader {
    /// The first check, which counts for skipped frames as well.
    func checkLength() throws(FrameError) {
        guard payloadLength <= UInt32(WireLimits.maxPayloadBytes) else {
            throw .violation(.frameTooLarge, "a payload has at most \(WireLimits.maxPayloadBytes) bytes")
        }
    }

    /// All checks after the length.
    func checked() throws(FrameError) -> (FrameType, FrameHeader) {
        guard let type = FrameType(rawValue: type) else {
            throw .violation(.unknownFrameType, "no such frame type")
        }
        guard flags & FrameFlags.mustUnderstand == 0 else {
            throw .violation(.unknownFlag, "no such flag in version 1")
        }
        if let broken = brokenZeroRule(of: type) {
            throw .violation(.malformedFrame, broken)
        }
        guard let encoding = Encoding(rawValue: encoding), encoding.fits(type) else {
            throw .violation(.unknownEncoding, "no such encoding for \(type.name)")
        }
        return (
            type,
            FrameHeader(
                type, payloadLength: payloadLength, flags: flags, opcode: opcode, requestID: requestID,
                deadlineMilliseconds: deadlineMilliseconds, status: status, encoding: encoding)
        )
    }

    /// What a frame of this type does not use must be 0, so that it can get a meaning later.
    private func brokenZeroRule(of type: FrameType) -> String? {
        if reserved != 0 { return "the reserved byte must be 0" }
        if deadlineMilliseconds != 0, type != .request { return "only REQUEST has a deadline" }
        if status != 0, type != .error { return "only ERROR has a status" }
        switch type {
        case .request, .response, .error, .event:
            return nil
        case .hello, .helloAck, .goAway:
            if opcode != 0 { return "\(type.name) has no opcode" }
            return requestID == 0 ? nil : "\(type.name) has request id 0"
        case .cancel:
            if opcode != 0 { return "CANCEL has no opcode" }
            if requestID == 0 { return "CANCEL names a request" }
            return payloadLength == 0 ? nil : "CANCEL has no payload"
        case .ping, .pong:
            if opcode != 0 { return "\(type.name) has no opcode" }
            return payloadLength <= UInt32(WireLimits.pingPayloadBytes)
                ? nil : "\(type.name) has at most \(WireLimits.pingPayloadBytes) bytes"
        }
    }
}

extension Encoding {
    /// Whether a frame of that type may be written so: messages need an encoding, opaque bytes must not have one.
    fileprivate func fits(_ type: FrameType) -> Bool {
        switch type {
        case .hello, .helloAck, .request, .response, .error, .goAway, .event: self != .none
        case .cancel, .ping, .pong: self == .none
        }
    }
}
