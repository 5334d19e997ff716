import NIOCore

/// Makes frames. The `write` functions put header and message straight into a buffer that many frames may share; the others make one
/// frame each.
package enum Frames {
    // MARK: many frames in one buffer

    /// Appends a frame with that header and message; the header's payload length is filled in.
    ///
    /// - Returns: false, with nothing appended, when the payload would exceed the limit.
    @discardableResult
    package static func write(_ header: FrameHeader, _ message: some WireMessage, into buffer: inout ByteBuffer) -> Bool {
        let start = buffer.writerIndex
        header.write(into: &buffer)
        Payload.encode(message, as: header.encoding, into: &buffer)
        let length = buffer.writerIndex - start - WireLimits.headerBytes
        guard length <= WireLimits.maxPayloadBytes else {
            buffer.moveWriterIndex(to: start)
            return false
        }
        buffer.setInteger(UInt32(length), at: start)
        return true
    }

    /// Appends a RESPONSE; when the message does not fit one frame, the ERROR that says so.
    package static func writeResponse(
        to address: ReplyAddress, _ message: some WireMessage, flags: UInt8 = 0, into buffer: inout ByteBuffer
    ) {
        guard !write(response(to: address, flags: flags), message, into: &buffer) else { return }
        writeError(to: address, .resultTooLarge, ErrorReply(.resultTooLarge), into: &buffer)
    }

    /// Appends a RESPONSE whose payload was encoded before, in the encoding of `address`: a stored answer, for instance.
    package static func writeResponse(
        to address: ReplyAddress, payload: some Collection<UInt8>, flags: UInt8 = 0, into buffer: inout ByteBuffer
    ) {
        var header = response(to: address, flags: flags)
        header.payloadLength = UInt32(payload.count)
        header.write(into: &buffer)
        buffer.writeBytes(payload)
    }

    /// Appends an EVENT for the watcher whose request has that address.
    ///
    /// - Returns: false, with nothing appended, when the message does not fit one frame.
    package static func writeEvent(to address: ReplyAddress, _ message: some WireMessage, into buffer: inout ByteBuffer) -> Bool {
        write(
            FrameHeader(.event, opcode: address.opcode, requestID: address.requestID, encoding: address.encoding), message, into: &buffer)
    }

    /// Appends an ERROR.
    package static func writeError(to address: ReplyAddress, _ status: Status, _ reply: ErrorReply, into buffer: inout ByteBuffer) {
        guard !write(errorHeader(to: address, status), reply, into: &buffer) else { return }
        // Only a text of a mebibyte gets here, and none of ours is one; the status alone says what matters.
        write(errorHeader(to: address, status), ErrorReply(message: status.name), into: &buffer)
    }

    // MARK: single frames

    /// A RESPONSE; when the message does not fit one frame, the ERROR that says so.
    package static func response(to address: ReplyAddress, _ message: some WireMessage, flags: UInt8 = 0) -> Frame {
        var payload = ByteBuffer()
        Payload.encode(message, as: address.encoding, into: &payload)
        guard payload.readableBytes <= WireLimits.maxPayloadBytes else {
            return error(to: address, .resultTooLarge, ErrorReply(.resultTooLarge))
        }
        return Frame(header: response(to: address, flags: flags), payload: payload)
    }

    /// An ERROR; its text is ours and short.
    package static func error(to address: ReplyAddress, _ status: Status, _ reply: ErrorReply) -> Frame {
        var payload = ByteBuffer()
        Payload.encode(reply, as: address.encoding, into: &payload)
        return Frame(header: errorHeader(to: address, status), payload: payload)
    }

    /// The first frame of a client.
    package static func hello(_ message: Hello, encoding: Encoding) -> Frame {
        frame(FrameHeader(.hello, encoding: encoding), message)
    }

    /// The answer to an acceptable HELLO.
    package static func helloAck(_ message: HelloAck, encoding: Encoding) -> Frame {
        frame(FrameHeader(.helloAck, encoding: encoding), message)
    }

    /// No more requests, see ``GoAway``.
    package static func goAway(_ message: GoAway, encoding: Encoding) -> Frame {
        frame(FrameHeader(.goAway, encoding: encoding), message)
    }

    /// Takes a request back, if there is still time.
    package static func cancel(requestID: UInt64) -> Frame {
        Frame(header: FrameHeader(.cancel, requestID: requestID), payload: ByteBuffer())
    }

    /// - Parameter payload: at most 64 bytes, which come back in the PONG.
    package static func ping(requestID: UInt64, payload: ByteBuffer = ByteBuffer()) -> Frame {
        Frame(header: FrameHeader(.ping, requestID: requestID), payload: payload)
    }

    /// The answer to a PING: its id and payload.
    package static func pong(to ping: Frame) -> Frame {
        Frame(header: FrameHeader(.pong, requestID: ping.header.requestID), payload: ping.payload)
    }

    // MARK: headers

    private static func frame(_ header: FrameHeader, _ message: some WireMessage) -> Frame {
        var payload = ByteBuffer()
        Payload.encode(message, as: header.encoding, into: &payload)
        return Frame(header: header, payload: payload)
    }

    private static func response(to address: ReplyAddress, flags: UInt8) -> FrameHeader {
        FrameHeader(.response, flags: flags, opcode: address.opcode, requestID: address.requestID, encoding: address.encoding)
    }

    private static func errorHeader(to address: ReplyAddress, _ status: Status) -> FrameHeader {
        FrameHeader(
            .error, opcode: address.opcode, requestID: address.requestID, status: status.rawValue, encoding: address.encoding)
    }
}
