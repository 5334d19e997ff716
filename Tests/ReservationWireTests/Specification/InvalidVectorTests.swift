import NIOCore
import ReservationCore
import ReservationWire
import Testing

@Suite("Golden vectors: what a server refuses")
struct InvalidVectorTests {
    let registry: RegistryFile

    init() throws {
        registry = try RegistryFile.load()
    }

    @Test("every invalid vector is refused as far as it says, in one piece and byte by byte")
    func invalidVectors() throws {
        let vectors = try VectorFile<InvalidVector>.load("invalid")
        #expect(vectors.count > 100)
        for vector in vectors {
            let bytes = try Hex.bytes(vector.hex)
            try check(vector, in: [bytes])
            try check(vector, in: bytes.map { [$0] })
        }
    }

    private func check(_ vector: InvalidVector, in pieces: [[UInt8]]) throws {
        let comment = Comment(rawValue: vector.name)
        let server = ServerHarness(role: .admin)
        if vector.state == "open" { server.open() }
        for piece in pieces { server.receive(piece) }

        let answer = server.takeOutput()
        switch vector.expect.action {
        case "close":
            #expect(server.isClosed && answer == nil, comment)
        case "connection_error":
            #expect(server.isClosed, comment)
            try expectError(try #require(answer, comment), vector, requestID: 0)
            #expect(answer?.header.opcode == 0, comment)
        case "request_error":
            #expect(!server.isClosed, comment)
            try expectError(try #require(answer, comment), vector, requestID: try #require(vector.expect.requestId).value)
            try expectUsable(server, after: vector)
        default:
            Issue.record("no such action: \(vector.expect.action)")
        }
        #expect(server.accepted.isEmpty && server.takeOutput() == nil, comment)
    }

    private func expectError(_ frame: Frame, _ vector: InvalidVector, requestID: UInt64) throws {
        let comment = Comment(rawValue: vector.name)
        #expect(frame.header.type == .error, comment)
        #expect(frame.header.status == registry.statuses.first { $0.name == vector.expect.status }?.status, comment)
        #expect(frame.header.requestID == requestID, comment)
        let reply = try Payload.decode(ErrorReply.self, from: frame.payload, as: frame.header.encoding)
        #expect(!reply.message.isEmpty, comment)
    }

    /// A refused request costs nobody else anything: the connection still answers.
    private func expectUsable(_ server: ServerHarness, after vector: InvalidVector) throws {
        #expect(!server.holdsPartialFrame, "\(vector.name)")
        server.receive(Frames.ping(requestID: 5))
        #expect(server.takeOutput()?.header.type == .pong, "\(vector.name)")
    }
}
