import NIOCore

@testable import ReservationWire

/// Draws frames from an input: mostly such as peers send, at times anything.
enum FrameScript {
    /// What a client might send.
    ///
    /// - Parameters:
    ///   - pending: ids of requests that wait for their answer, to be named now and then.
    ///   - highest: the highest id so far.
    static func fromClient(_ input: inout InputCursor, pending: [UInt64], highest: UInt64) -> Frame {
        let encoding: Encoding = input.byte() & 1 == 0 ? .tlv : .json
        switch input.choice(of: 8) {
        case 0:
            return Frames.hello(Hello(magic: "RSV", versionMin: 1, versionMax: 1, clientName: "fuzz"), encoding: encoding)
        case 1:
            let name = String(decoding: input.take(input.choice(of: 80)), as: UTF8.self)
            let (low, high) = (UInt64(input.choice(of: 4)), UInt64(input.choice(of: 4)))
            return Frames.hello(Hello(magic: "RSV", versionMin: low, versionMax: high, clientName: name), encoding: encoding)
        case 2, 3:
            let known = input.pick(Opcode.allCases).rawValue
            return Frame(
                header: FrameHeader(
                    .request, opcode: input.choice(of: 8) == 0 ? input.integer(UInt16.self) : known,
                    requestID: input.choice(of: 8) == 0 ? input.integer(UInt64.self) : highest &+ 1,
                    deadlineMilliseconds: UInt32(input.byte()) << UInt32(input.choice(of: 16)), encoding: encoding),
                payload: ByteBuffer(bytes: input.take(input.choice(of: 16))))
        case 4: return Frames.cancel(requestID: id(&input, of: pending))
        case 5: return Frames.ping(requestID: input.integer(UInt64.self), payload: ByteBuffer(bytes: input.take(input.choice(of: 65))))
        case 6: return Frames.goAway(GoAway(lastRequestID: 0), encoding: encoding)
        default: return any(&input)
        }
    }

    /// What a server might send.
    static func fromServer(_ input: inout InputCursor, pending: [UInt64]) -> Frame {
        let encoding: Encoding = input.byte() & 1 == 0 ? .tlv : .json
        let address = ReplyAddress(
            requestID: id(&input, of: pending), opcode: input.byte() & 1 == 0 ? .daemonHealth : .slotsWatch, encoding: encoding)
        switch input.choice(of: 8) {
        case 0, 1:
            let ack = HelloAck(
                version: input.choice(of: 8) == 0 ? UInt64(input.byte()) : 1, maxPayload: 1_048_576,
                maxInFlight: UInt64(input.choice(of: 5)), instanceID: 1, serverName: "fuzz", role: "admin",
                defaultDeadlineMilliseconds: 10_000)
            return Frames.helloAck(ack, encoding: encoding)
        case 2: return Frames.response(to: address, HealthResponse(writable: true))
        case 3:
            let status = input.pick(Status.allCases)
            let isConnection = input.choice(of: 4) == 0
            return Frames.error(to: isConnection ? .connection(encoding) : address, status, ErrorReply(message: "no"))
        case 4:
            return Frames.goAway(GoAway(lastRequestID: UInt64(input.choice(of: 8))), encoding: encoding)
        case 5: return Frames.pong(to: Frames.ping(requestID: input.integer(UInt64.self)))
        case 6:
            let header = FrameHeader(.event, opcode: address.opcode, requestID: address.requestID, encoding: encoding)
            return Frame(header: header, payload: ByteBuffer(bytes: input.take(input.choice(of: 16))))
        default: return any(&input)
        }
    }

    /// Any header that breaks no rule of headers; whose turn it is, is not looked at.
    private static func any(_ input: inout InputCursor) -> Frame {
        let header = FrameHeader(
            rawType: input.byte(), flags: input.byte(), opcode: input.integer(UInt16.self), requestID: input.integer(UInt64.self),
            deadlineMilliseconds: input.integer(UInt32.self), status: input.integer(UInt16.self),
            encoding: input.pick(Encoding.allCases))
        let frame = Frame(header: header, payload: ByteBuffer(bytes: input.take(input.choice(of: 200))))
        var bytes = ByteBuffer()
        frame.write(into: &bytes)
        let accepted = try? RawHeader(readingFrom: &bytes)?.checked()
        return accepted == nil ? Frames.ping(requestID: header.requestID) : frame
    }

    private static func id(_ input: inout InputCursor, of pending: [UInt64]) -> UInt64 {
        let choice = input.choice(of: 8)
        return choice < pending.count ? pending[choice] : UInt64(input.byte())
    }

    /// What a decoder might say of a stream.
    static func error(_ input: inout InputCursor) -> FrameError {
        input.byte() & 1 == 0 ? .notRSV : .violation(input.pick(Status.allCases), "made up")
    }
}
