import NIOCore
import ReservationCore
import ReservationWire

/// A server without a socket: bytes in, frames out. Stands in for the daemon in one thing only, that it decodes requests.
final class ServerHarness {
    private var decoder = FrameDecoder(receiving: .client)
    private var session: ServerSession
    private(set) var output: [Frame] = []
    private(set) var accepted: [AcceptedRequest] = []
    private(set) var cancelled: [UInt64] = []
    private(set) var isClosed = false

    init(instanceID: UInt128 = 1, serverName: String = "reservationd", role: Role = .admin, maxInFlight: Int = WireLimits.maxInFlight) {
        session = ServerSession(instanceID: instanceID, serverName: serverName, role: role, maxInFlight: maxInFlight)
    }

    var holdsPartialFrame: Bool { decoder.holdsPartialFrame }

    func receive(_ bytes: some Sequence<UInt8>) {
        guard !isClosed else { return }
        decoder.append(ByteBuffer(bytes: bytes))
        while !isClosed {
            do {
                guard let frame = try decoder.next() else { return }
                perform(session.receive(frame))
            } catch {
                perform(session.receive(error))
            }
        }
    }

    func receive(_ frame: Frame) {
        var buffer = ByteBuffer()
        frame.write(into: &buffer)
        receive(buffer.array)
    }

    /// Says HELLO and forgets the answer.
    func open() {
        receive(Frames.hello(Hello(magic: "RSV", versionMin: 1, versionMax: 1, clientName: "vectors"), encoding: .tlv))
        output.removeAll()
    }

    /// The application's answer: these bytes.
    func complete(_ requestID: UInt64, with bytes: [UInt8]) throws {
        var frames = FrameDecoder(receiving: .server)
        frames.append(ByteBuffer(bytes: bytes))
        if let frame = try frames.next() { output.append(frame) }
        perform(session.completed(requestID: requestID))
    }

    func drain() { perform(session.drain()) }

    func takeOutput() -> Frame? { output.isEmpty ? nil : output.removeFirst() }

    private func perform(_ action: ServerAction) {
        switch action {
        case .none: break
        case .send(let frame): output.append(frame)
        case .execute(let request): execute(request)
        case .cancel(let id): cancelled.append(id)
        case .sendThenClose(let frame):
            output.append(frame)
            isClosed = true
        case .close: isClosed = true
        }
    }

    private func execute(_ request: AcceptedRequest) {
        do {
            _ = try MessageCatalogue.decode("\(request.opcode.name).request", request.payload.readableBytesView, as: request.encoding)
            accepted.append(request)
        } catch {
            let reply = ErrorReply(message: (error as? PayloadError)?.message ?? "\(error)")
            output.append(Frames.error(to: request.replyAddress, .malformedPayload, reply))
            perform(session.completed(requestID: request.requestID))
        }
    }
}
