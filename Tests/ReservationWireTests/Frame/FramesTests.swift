import NIOCore
import ReservationCore
import ReservationWire
import Testing

@Suite("Frames are made")
struct FramesTests {
    private let address = ReplyAddress(requestID: 7, opcode: .slotsList, encoding: .tlv)

    @Test("an answer repeats id, opcode and encoding of its request", arguments: [Encoding.tlv, .json])
    func answersEcho(encoding: Encoding) {
        let address = ReplyAddress(FrameHeader(.request, opcode: 0xABCD, requestID: .max, deadlineMilliseconds: 9, encoding: encoding))
        let response = Frames.response(to: address, HealthResponse(writable: true), flags: FrameFlags.replayed)
        let error = Frames.error(to: address, .slotFull, ErrorReply(message: "full"))
        for frame in [response, error] {
            #expect(frame.header.opcode == 0xABCD && frame.header.requestID == .max && frame.header.encoding == encoding)
            #expect(frame.header.deadlineMilliseconds == 0)
            #expect(Int(frame.header.payloadLength) == frame.payload.readableBytes)
        }
        #expect(response.header.type == .response && response.header.status == 0 && response.header.isReplayed)
        #expect(error.header.type == .error && error.header.status == 773 && !error.header.isReplayed)
    }

    @Test("many answers written into one buffer are the frames that they would be alone")
    func sharedBuffer() {
        let message = HealthResponse(writable: false)
        let reply = ErrorReply(message: "no")
        var alone = ByteBuffer()
        Frames.response(to: address, message).write(into: &alone)
        Frames.error(to: address, .internal, reply).write(into: &alone)
        Frames.response(to: address, message, flags: FrameFlags.replayed).write(into: &alone)
        var shared = ByteBuffer()
        Frames.writeResponse(to: address, message, into: &shared)
        Frames.writeError(to: address, .internal, reply, into: &shared)
        let stored = MessageCatalogue.encode(message, as: .tlv)
        Frames.writeResponse(to: address, payload: stored, flags: FrameFlags.replayed, into: &shared)
        #expect(shared == alone)
    }

    @Test("a response that does not fit one frame becomes RESULT_TOO_LARGE, and what was written before it stays")
    func oversizedResponse() throws {
        let text = String(repeating: "x", count: 100_000)
        let finding = FindingMessage(check: "check", ok: true, detail: text)
        let message = DoctorResponse(findings: Array(repeating: finding, count: 11))
        var buffer = ByteBuffer()
        Frames.writeResponse(to: address, HealthResponse(writable: true), into: &buffer)
        Frames.writeResponse(to: address, message, into: &buffer)
        var decoder = FrameDecoder(receiving: .server)
        decoder.append(buffer)
        #expect(try decoder.next()?.header.type == .response)
        #expect(try decoder.next()?.header.status == Status.resultTooLarge.rawValue)
        #expect(!decoder.holdsPartialFrame)
        #expect(Frames.response(to: address, message).header.status == Status.resultTooLarge.rawValue)
    }

    @Test("a request that does not fit one frame is not written")
    func oversizedRequest() {
        let request = ShowTicketsRequest(ticketCode: String(repeating: "x", count: WireLimits.maxPayloadBytes))
        var buffer = ByteBuffer(string: "before")
        let isWritten = Frames.write(FrameHeader(.request, opcode: 259, requestID: 1, encoding: .tlv), request, into: &buffer)
        #expect(!isWritten)
        #expect(buffer == ByteBuffer(string: "before"))
    }

    @Test("an error whose text does not fit still tells its status")
    func oversizedError() throws {
        var buffer = ByteBuffer()
        let reply = ErrorReply(message: String(repeating: "x", count: WireLimits.maxPayloadBytes))
        Frames.writeError(to: address, .alreadyExists, reply, into: &buffer)
        var decoder = FrameDecoder(receiving: .server)
        decoder.append(buffer)
        #expect(try decoder.next()?.header.status == Status.alreadyExists.rawValue)
    }
}
