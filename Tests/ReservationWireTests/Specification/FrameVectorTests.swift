import NIOCore
import ReservationWire
import Testing

@Suite("Golden vectors: frames")
struct FrameVectorTests {
    let registry: RegistryFile
    let codec: ReverseCodec
    let names: PropertyNames

    init() throws {
        registry = try RegistryFile.load()
        codec = ReverseCodec(registry: registry)
        names = PropertyNames(registry)
    }

    @Test("every valid vector is decoded to its form, and its form is encoded to its bytes")
    func validVectors() throws {
        let vectors = try VectorFile<FrameVector>.load("valid")
        #expect(vectors.count > 100)
        for vector in vectors { try check(vector, canonical: vector.hex) }
    }

    @Test("every accepted vector is decoded to its form, and its form is encoded to the canonical bytes")
    func acceptedVectors() throws {
        let vectors = try VectorFile<FrameVector>.load("accepted")
        #expect(vectors.count > 20)
        for vector in vectors { try check(vector, canonical: vector.canonicalHex) }
    }

    @Test("every valid and accepted vector is decoded the same wherever a read happens to cut it", arguments: ["valid", "accepted"])
    func vectorsInPieces(file: String) throws {
        for vector in try VectorFile<FrameVector>.load(file) {
            let bytes = try Hex.bytes(vector.hex)
            let whole = try frames(vector, in: [bytes])
            // Frames of many kilobytes are cut at every 97th byte and around their header; the others everywhere.
            let cuts = bytes.indices.filter { bytes.count < 600 || $0 < 32 || $0 % 97 == 0 }
            for cut in cuts {
                let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
                #expect(try frames(vector, in: pieces) == whole, "\(vector.name) cut at \(cut)")
            }
            #expect(try frames(vector, in: bytes.map { [$0] }) == whole, "\(vector.name) byte by byte")
        }
    }

    private func check(_ vector: FrameVector, canonical: String?) throws {
        let comment = Comment(rawValue: vector.name)
        let decoded = try frames(vector, in: [try Hex.bytes(vector.hex)])
        let frame = try #require(decoded.first, comment)
        #expect(decoded.count == 1, comment)
        #expect(frame.header == (try header(vector.frame, length: frame.payload.readableBytes)), comment)
        if let payload = vector.payloadHex { #expect(frame.payload.array == (try Hex.bytes(payload)), comment) }

        var encoded = Frame(header: frame.header, payload: frame.payload)
        if let name = vector.message, let form = vector.payload {
            let message = try MessageCatalogue.decode(name, frame.payload.readableBytesView, as: frame.header.encoding)
            #expect(try DecodedForm(reflecting: message, names: names) == form, comment)
            let rebuilt = try MessageCatalogue.decode(name, codec.json(name, form).utf8, as: .json)
            #expect(MessageCatalogue.areEqual(message, rebuilt), comment)
            encoded = Frame(
                header: frame.header, payload: ByteBuffer(bytes: MessageCatalogue.encode(rebuilt, as: frame.header.encoding)))
        }
        guard let canonical else { return }
        var buffer = ByteBuffer()
        encoded.write(into: &buffer)
        #expect(Hex.text(buffer.array) == canonical, comment)
    }

    /// The frames of one vector, in a stream where its sender may send them.
    private func frames(_ vector: FrameVector, in pieces: [[UInt8]]) throws -> [Frame] {
        var decoder = FrameDecoder(receiving: vector.from == "client" ? .client : .server)
        if vector.from == "client", vector.frame.type != "HELLO" {
            var hello = ByteBuffer()
            Frames.hello(Hello(magic: "RSV", versionMin: 1, versionMax: 1), encoding: .tlv).write(into: &hello)
            decoder.append(hello)
            _ = try decoder.next()
        }
        var frames: [Frame] = []
        for piece in pieces {
            decoder.append(ByteBuffer(bytes: piece))
            while let frame = try decoder.next() { frames.append(frame) }
        }
        #expect(!decoder.holdsPartialFrame)
        return frames
    }

    private func header(_ header: FrameVector.Header, length: Int) throws -> FrameHeader {
        FrameHeader(
            payloadLength: UInt32(length), rawType: try #require(registry.frameTypes[header.type]), flags: header.flags,
            opcode: header.opcode, requestID: header.requestId.value, deadlineMilliseconds: header.deadlineMs, status: header.status,
            encoding: try #require(registry.encodings[header.encoding].flatMap(Encoding.init)))
    }
}
