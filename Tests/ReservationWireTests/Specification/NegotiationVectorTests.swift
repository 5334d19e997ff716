import NIOCore
import ReservationCore
import ReservationWire
import Testing

@Suite("Golden vectors: conversations")
struct NegotiationVectorTests {
    let registry: RegistryFile

    init() throws {
        registry = try RegistryFile.load()
    }

    @Test("every conversation takes its course, with no output besides the listed")
    func negotiationVectors() throws {
        let vectors = try VectorFile<NegotiationVector>.load("negotiation")
        #expect(vectors.count > 20)
        for vector in vectors { try run(vector) }
    }

    private func run(_ vector: NegotiationVector) throws {
        let server = ServerHarness(
            instanceID: try #require(UInt128(vector.server.instanceId, radix: 16)), serverName: vector.server.serverName,
            role: try #require(Role.allCases.first { $0.name == vector.server.role }), maxInFlight: vector.server.maxInFlight)
        for (index, step) in vector.steps.enumerated() {
            let comment: Comment = "\(vector.name), step \(index)"
            if step.server == nil, step.serverError == nil, step.close == nil {
                #expect(server.takeOutput() == nil, comment)
                #expect(!server.isClosed, comment)
            }
            if let hex = step.client { server.receive(try Hex.bytes(hex)) }
            if let completion = step.complete {
                #expect(server.accepted.contains { $0.requestID == completion.requestId.value }, comment)
                try server.complete(completion.requestId.value, with: try Hex.bytes(completion.hex))
            }
            if step.drain == true { server.drain() }
            if let hex = step.server { #expect(server.takeOutput().map(bytes) == hex, comment) }
            if let error = step.serverError { try expect(error, server.takeOutput(), comment) }
            if step.close == true { #expect(server.isClosed, comment) }
        }
        #expect(server.takeOutput() == nil, "\(vector.name), at the end")
        #expect(server.isClosed == (vector.steps.last?.close == true), "\(vector.name), at the end")
    }

    private func bytes(_ frame: Frame) -> String {
        var buffer = ByteBuffer()
        frame.write(into: &buffer)
        return Hex.text(buffer.array)
    }

    private func expect(_ error: NegotiationVector.ServerError, _ frame: Frame?, _ comment: Comment) throws {
        let frame = try #require(frame, comment)
        let status = try #require(registry.statuses.first { $0.name == error.status }, comment)
        #expect(frame.header.type == .error, comment)
        #expect(frame.header.status == status.status, comment)
        #expect(frame.header.requestID == error.requestId.value, comment)
        let reply = try Payload.decode(ErrorReply.self, from: frame.payload, as: frame.header.encoding)
        // What section 9 requires besides a text.
        switch status.name {
        case "UNSUPPORTED_VERSION": #expect(reply.versionMin == 1 && reply.versionMax == 1, comment)
        case "OVERLOADED": #expect(reply.retryAfterMilliseconds != nil, comment)
        default: break
        }
    }
}
