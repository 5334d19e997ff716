import NIOCore
import ReservationCore
import ReservationWire

/// A client and a server that keep to the protocol understand each other, whatever order things happen in and however bytes are cut: each
/// request is answered once, or the client is told that it was not executed.
enum ConversationTarget: FuzzTarget {
    static let name = "conversation"

    static func check(_ bytes: [UInt8]) throws {
        var input = InputCursor(bytes)
        var conversation = Conversation(
            role: input.pick(Role.allCases), maxInFlight: 1 + input.choice(of: 4), encoding: input.byte() & 1 == 0 ? .tlv : .json)
        while !input.isAtEnd { try conversation.step(&input) }
        try conversation.finish()
    }
}

private struct Conversation: ~Copyable {
    private var client: ClientSession
    private var server: ServerSession
    private var clientDecoder = FrameDecoder(receiving: .server)
    private var serverDecoder = FrameDecoder(receiving: .client)
    private var toServer = ByteBuffer()
    private var toClient = ByteBuffer()
    private var isServerClosed = false

    private var askedCount: UInt64 = 0
    private var executed: Set<UInt64> = []
    private var owed: [AcceptedRequest] = []
    private var answered: Set<UInt64> = []
    private var resent: Set<UInt64> = []
    /// Of the latest `slots.watch` that was answered.
    private var watch: ReplyAddress?

    init(role: Role, maxInFlight: Int, encoding: Encoding) {
        client = ClientSession(clientName: "fuzz", encoding: encoding)
        server = ServerSession(instanceID: 7, serverName: "fuzz", role: role, maxInFlight: maxInFlight)
        client.connected().write(into: &toServer)
    }

    mutating func step(_ input: inout InputCursor) throws(Finding) {
        switch input.choice(of: 9) {
        case 0, 1: ask(input.pick(Opcode.allCases), deadlineMilliseconds: UInt32(input.byte()))
        case 2: try deliverToServer(1 + input.choice(of: 64))
        case 3: try deliverToClient(1 + input.choice(of: 64))
        case 4, 5:
            guard !owed.isEmpty else { return }
            try answer(owed.remove(at: input.choice(of: owed.count)), withError: input.byte() & 1 == 0)
        case 6 where input.choice(of: 4) == 0: try perform(server.drain())
        case 6: Frames.ping(requestID: UInt64(input.byte())).write(into: &toServer)
        case 7:
            guard server.isOpen, let watch else { return }
            _ = Frames.writeEvent(to: watch, SlotsChanged(), into: &toClient)
        default:
            guard askedCount > 0 else { return }
            Frames.cancel(requestID: 1 + UInt64(input.byte()) % askedCount).write(into: &toServer)
        }
    }

    /// The server ends, answers what it owes, and everything arrives.
    mutating func finish() throws(Finding) {
        try deliverToServer(toServer.readableBytes)
        try perform(server.drain())
        while let request = owed.popLast() { try answer(request, withError: false) }
        try require(isServerClosed, "a server that has answered everything closes")
        try deliverToClient(toClient.readableBytes)
        try require(client.closed().isEmpty, "no request's fate is unknown")
        try require(answered.count + resent.count == Int(askedCount), "each request ends once")
        try require(executed.isDisjoint(with: resent), "what was executed is not asked again")
    }

    // MARK: what the two do

    private mutating func ask(_ opcode: Opcode, deadlineMilliseconds: UInt32) {
        guard let header = client.makeRequest(opcode, deadlineMilliseconds: deadlineMilliseconds) else { return }
        askedCount += 1
        Frames.write(header, HealthRequest(), into: &toServer)
    }

    private mutating func answer(_ request: AcceptedRequest, withError: Bool) throws(Finding) {
        if withError {
            Frames.writeError(to: request.replyAddress, .unavailable, ErrorReply(message: "no"), into: &toClient)
        } else {
            Frames.writeResponse(to: request.replyAddress, HealthResponse(writable: true), into: &toClient)
            if request.opcode == .slotsWatch { watch = request.replyAddress }
        }
        try perform(server.completed(requestID: request.requestID))
    }

    private mutating func deliverToServer(_ count: Int) throws(Finding) {
        guard let bytes = toServer.readSlice(length: min(count, toServer.readableBytes)), !isServerClosed else { return }
        serverDecoder.append(bytes)
        while let frame = try Self.next(&serverDecoder) { try perform(server.receive(frame)) }
    }

    private mutating func deliverToClient(_ count: Int) throws(Finding) {
        guard let bytes = toClient.readSlice(length: min(count, toClient.readableBytes)) else { return }
        clientDecoder.append(bytes)
        while let frame = try Self.next(&clientDecoder) { try perform(client.receive(frame)) }
    }

    private static func next(_ decoder: inout FrameDecoder) throws(Finding) -> Frame? {
        do throws(FrameError) {
            return try decoder.next()
        } catch {
            throw Finding("each side's bytes are frames to the other: \(error)")
        }
    }

    private mutating func perform(_ action: ServerAction) throws(Finding) {
        try require(!isServerClosed || action == .none, "nothing comes after the end")
        switch action {
        case .none: break
        case .send(let frame): frame.write(into: &toClient)
        case .execute(let request):
            try require(executed.insert(request.requestID).inserted, "a request is executed once")
            owed.append(request)
        case .cancel(let id): try require(owed.contains { $0.requestID == id }, "what is taken back was owed")
        case .sendThenClose(let frame):
            try require(frame.header.type == .goAway, "a client that keeps to the protocol is never cut off")
            frame.write(into: &toClient)
            isServerClosed = true
        case .close: isServerClosed = true
        }
    }

    private mutating func perform(_ action: ClientAction) throws(Finding) {
        switch action {
        case .none, .ready, .event: break
        case .answer(let id, let answer):
            try require(answered.insert(id).inserted && !resent.contains(id), "a request is answered once")
            if case .refused(.operationNotPermitted, _) = answer { break }
            try require(executed.contains(id), "only what was executed is answered")
        case .resend(let ids):
            try require(answered.isDisjoint(with: ids), "what was answered is not asked again")
            resent.formUnion(ids)
        case .fail(let failure): throw Finding("a server that keeps to the protocol is trusted: \(failure)")
        }
    }
}
