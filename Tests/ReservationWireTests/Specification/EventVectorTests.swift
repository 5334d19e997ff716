import NIOCore
import ReservationWire
import Testing

@Suite("Golden vectors: what a client is told unasked")
struct EventVectorTests {
    let names: PropertyNames

    init() throws {
        names = PropertyNames(try RegistryFile.load())
    }

    @Test("every event vector is taken or ends the connection, in one piece and byte by byte")
    func eventVectors() throws {
        let vectors = try VectorFile<EventVector>.load("events")
        #expect(vectors.count > 20)
        for vector in vectors {
            let bytes = try Hex.bytes(vector.hex)
            for pieces in [[bytes], bytes.map { [$0] }] {
                let told = try told(by: pieces, in: vector.state)
                #expect(told == (vector.expect.action == "event" ? vector.expect.payload : nil), "\(vector.name)")
            }
        }
    }

    /// - Returns: nil when the client closes.
    private func told(by pieces: [[UInt8]], in state: String) throws -> DecodedForm? {
        var session = try session(state)
        var decoder = FrameDecoder(receiving: .server)
        var told: DecodedForm?
        do {
            for piece in pieces {
                decoder.append(ByteBuffer(bytes: piece))
                while let frame = try decoder.next() {
                    guard case .event(let event) = session.receive(frame) else { return nil }
                    let message = try Payload.decode(SlotsChanged.self, from: event.payload, as: event.header.encoding)
                    told = try DecodedForm(reflecting: message, names: names)
                }
            }
        } catch is FrameError {
            return nil
        } catch is PayloadError {
            return nil
        }
        return told
    }

    /// A client to which so much was said before.
    private func session(_ state: String) throws -> ClientSession {
        var session = ClientSession(clientName: "vectors")
        _ = session.connected()
        let ack = HelloAck(
            version: 1, maxPayload: 1_048_576, maxInFlight: 1024, instanceID: 5, serverName: "server", role: "gateway",
            defaultDeadlineMilliseconds: 10_000)
        _ = session.receive(Frames.helloAck(ack, encoding: .tlv))
        let counts = [
            "open": (asked: 0, answered: 0), "asked": (1, 0), "watching": (1, 1), "renewing": (2, 1), "renewed": (2, 2), "drained": (1, 1),
        ]
        let (asked, answered) = try #require(counts[state])
        for _ in 0..<asked { _ = session.makeRequest(.slotsWatch) }
        for id in 0..<answered {
            let address = ReplyAddress(requestID: UInt64(id + 1), opcode: .slotsWatch, encoding: .tlv)
            _ = session.receive(Frames.response(to: address, WatchSlotsResponse()))
        }
        if state == "drained" { _ = session.receive(Frames.goAway(GoAway(lastRequestID: 1), encoding: .tlv)) }
        return session
    }
}
