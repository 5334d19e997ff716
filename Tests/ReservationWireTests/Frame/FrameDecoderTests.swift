import NIOCore
import ReservationWire
import SeededRandom
import Testing

@Suite("Frames are cut out of a stream")
struct FrameDecoderTests {
    @Test("a payload is a slice of what was received, not a copy")
    func payloadIsSlice() throws {
        let received = bytes([hello, request(1)])
        var decoder = FrameDecoder(receiving: .client)
        decoder.append(received)
        _ = try decoder.next()
        let frame = try #require(try decoder.next())
        let inside = received.withUnsafeReadableBytes { whole in
            frame.payload.withUnsafeReadableBytes { part in
                part.count > 0 && whole.baseAddress! <= part.baseAddress! && part.baseAddress! < whole.baseAddress! + whole.count
            }
        }
        #expect(inside)
    }

    @Test("the first byte decides whether the peer speaks RSV at all", arguments: [UInt8(1), 0x16, 0x47, 0xFF])
    func firstByte(byte: UInt8) throws {
        var decoder = FrameDecoder(receiving: .client)
        decoder.append(ByteBuffer(bytes: [byte]))
        #expect(throws: FrameError.notRSV) { try decoder.next() }
    }

    @Test("a header is judged before its payload has come")
    func headerAlone() throws {
        var decoder = FrameDecoder(receiving: .client)
        decoder.append(bytes([request(1)]).getSlice(at: 0, length: WireLimits.headerBytes)!)
        #expect(status { try decoder.next() } == .helloExpected)
    }

    @Test("a decoder that has failed gives nothing but the same failure, whatever comes")
    func failureLasts() throws {
        var decoder = FrameDecoder(receiving: .client)
        decoder.append(bytes([request(1)]))
        #expect(status { try decoder.next() } == .helloExpected)
        decoder.append(bytes([hello]))
        #expect(status { try decoder.next() } == .helloExpected)
    }

    @Test("frames from 0x80 on are skipped wherever they are cut, and counted as frames")
    func skippedFrames() throws {
        let skipped = FrameHeader(payloadLength: 300, rawType: 0x80, flags: 0x0F, opcode: 9, status: 9, encoding: .json)
        var stream = bytes([hello])
        skipped.write(into: &stream)
        stream.writeRepeatingByte(0xEE, count: 300)
        FrameHeader(rawType: 0xFF).write(into: &stream)
        stream.writeImmutableBuffer(bytes([request(1)]))
        let all = stream.array
        for cut in all.indices {
            var decoder = FrameDecoder(receiving: .client)
            var frames: [Frame] = []
            for piece in [all[..<cut], all[cut...]] {
                decoder.append(ByteBuffer(bytes: piece))
                while let frame = try decoder.next() { frames.append(frame) }
            }
            #expect(frames.map(\.header.type) == [.hello, .request], "cut at \(cut)")
            #expect(decoder.completedFrameCount == 4, "cut at \(cut)")
            #expect(!decoder.holdsPartialFrame)
        }
    }

    @Test("a frame that has begun is told from the next one that has begun")
    func partialFrames() throws {
        var decoder = FrameDecoder(receiving: .client)
        #expect(!decoder.holdsPartialFrame)
        let all = bytes([hello, request(1)]).array
        let first = hello.payload.readableBytes + WireLimits.headerBytes
        decoder.append(ByteBuffer(bytes: all[..<3]))
        #expect(try decoder.next() == nil)
        #expect(decoder.holdsPartialFrame && decoder.completedFrameCount == 0)
        decoder.append(ByteBuffer(bytes: all[3..<first + 5]))
        while try decoder.next() != nil {}
        #expect(decoder.holdsPartialFrame && decoder.completedFrameCount == 1)
        decoder.append(ByteBuffer(bytes: all[(first + 5)...]))
        while try decoder.next() != nil {}
        #expect(!decoder.holdsPartialFrame && decoder.completedFrameCount == 2)
    }

    @Test("the largest payload comes through in small reads")
    func largestPayload() throws {
        let payload = (0..<WireLimits.maxPayloadBytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let frame = Frame(header: FrameHeader(.request, opcode: 1, requestID: 1, encoding: .tlv), payload: ByteBuffer(bytes: payload))
        let all = bytes([hello, frame]).array
        var decoder = FrameDecoder(receiving: .client)
        var frames: [Frame] = []
        for start in stride(from: 0, to: all.count, by: 1000) {
            decoder.append(ByteBuffer(bytes: all[start..<min(start + 1000, all.count)]))
            while let frame = try decoder.next() { frames.append(frame) }
        }
        #expect(frames.count == 2)
        #expect(frames.last?.payload.array == payload)
    }

    @Test("several appends before a frame is taken lose nothing")
    func appendsWithoutTaking() throws {
        var decoder = FrameDecoder(receiving: .client)
        decoder.append(bytes([hello, request(1)]))
        _ = try decoder.next()
        decoder.append(bytes([request(2)]))
        decoder.append(bytes([request(3)]))
        var ids: [UInt64] = []
        while let frame = try decoder.next() { ids.append(frame.header.requestID) }
        #expect(ids == [1, 2, 3])
    }

    @Test("a stream of frames is read the same however the reads fall", arguments: [UInt64(1), 2, 3, 4])
    func randomReads(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let frames = [hello] + (1...200).map { request($0, padding: Int.random(in: 0...300, using: &generator)) }
        let all = bytes(frames).array
        var decoder = FrameDecoder(receiving: .client)
        var decoded: [Frame] = []
        var position = 0
        while position < all.count {
            let end = min(all.count, position + Int.random(in: 1...900, using: &generator))
            decoder.append(ByteBuffer(bytes: all[position..<end]))
            position = end
            while let frame = try decoder.next() { decoded.append(frame) }
        }
        #expect(decoded == frames)
    }

    @Test("a server may send what servers send and nothing else", arguments: FrameType.allCases)
    func serverTypes(type: FrameType) throws {
        let encoding: Encoding = [.cancel, .ping, .pong].contains(type) ? .none : .tlv
        let id: UInt64 = [.request, .response, .error, .cancel].contains(type) ? 1 : 0
        var decoder = FrameDecoder(receiving: .server)
        decoder.append(bytes([Frame(header: FrameHeader(type, requestID: id, encoding: encoding), payload: ByteBuffer())]))
        if [.hello, .request, .cancel, .ping].contains(type) {
            #expect(status { try decoder.next() } == .unexpectedFrame)
        } else {
            #expect(try decoder.next()?.header.type == type)
        }
    }

    @Test("after its GOAWAY a client's requests are refused from their header alone")
    func requestAfterGoAway() throws {
        var decoder = FrameDecoder(receiving: .client)
        decoder.append(bytes([hello, Frames.goAway(GoAway(lastRequestID: 0), encoding: .tlv), Frames.ping(requestID: 1)]))
        for type in [FrameType.hello, .goAway, .ping] { #expect(try decoder.next()?.header.type == type) }
        decoder.append(bytes([request(1)]).getSlice(at: 0, length: WireLimits.headerBytes)!)
        #expect(status { try decoder.next() } == .unexpectedFrame)
    }

    // MARK: frames

    private let hello = Frames.hello(Hello(magic: "RSV", versionMin: 1, versionMax: 1, clientName: "test"), encoding: .tlv)

    private func request(_ id: UInt64, padding: Int = 10) -> Frame {
        Frame(
            header: FrameHeader(.request, opcode: 4, requestID: id, deadlineMilliseconds: 5, encoding: .json),
            payload: ByteBuffer(repeating: UInt8(truncatingIfNeeded: id), count: padding))
    }

    private func bytes(_ frames: [Frame]) -> ByteBuffer {
        var buffer = ByteBuffer()
        for frame in frames { frame.write(into: &buffer) }
        return buffer
    }

    private func status(_ body: () throws -> Frame?) -> Status? {
        do {
            _ = try body()
        } catch FrameError.violation(let status, _) {
            return status
        } catch {}
        return nil
    }
}
