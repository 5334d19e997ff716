import NIOCore
import ReservationWire

/// Whatever a server sends and whenever, each request of a client's session ends exactly once, and nothing comes after a failure.
enum ClientSessionTarget: FuzzTarget {
    static let name = "client-session"

    static func check(_ bytes: [UInt8]) throws {
        var input = InputCursor(bytes)
        var run = ClientRun(encoding: input.byte() & 1 == 0 ? .tlv : .json)
        while !input.isAtEnd { try run.step(&input) }
        try run.close()
    }
}

private struct ClientRun: ~Copyable {
    private var session: ClientSession
    private var isConnected = false
    private var pending: [UInt64] = []
    private var lastID: UInt64 = 0
    private var maxInFlight = 0
    /// Of the latest `slots.watch` that was answered.
    private var watch: ReplyAddress?
    private var isReady = false
    private var hasEnded = false

    init(encoding: Encoding) {
        session = ClientSession(clientName: "fuzz", encoding: encoding)
    }

    mutating func step(_ input: inout InputCursor) throws(Finding) {
        switch input.choice(of: 16) {
        case 0 where !isConnected && !hasEnded:
            isConnected = true
            try checkWire(session.connected())
        case 1...5: try ask(&input)
        case 6:
            guard !pending.isEmpty else { return }
            session.abandoned(requestID: pending.removeLast())
        case 7: try note(session.receive(FrameScript.error(&input)))
        case 8 where input.choice(of: 8) == 0: try close()
        default:
            let frame = FrameScript.fromServer(&input, pending: pending)
            let isExpected = isReady && frame.header.type == .event && ReplyAddress(frame.header) == watch
            let action = session.receive(frame)
            if frame.header.type == .event {
                try require((action == .event(frame)) == isExpected, "an EVENT is handed on when it was asked for")
            }
            if case .answer(let id, .response) = action, frame.header.opcode == Opcode.slotsWatch.rawValue {
                watch = ReplyAddress(requestID: id, opcode: .slotsWatch, encoding: frame.header.encoding)
            }
            try note(action)
        }
        try require(session.isReady == isReady, "it is ready between HELLO_ACK and the end")
        try require(session.inFlight == pending.count, "in flight is what has no answer")
    }

    mutating func close() throws(Finding) {
        try require(session.closed() == pending, "what has no answer is named when the connection goes")
        try require(session.closed().isEmpty, "and only once")
        pending = []
        isReady = false
        hasEnded = true
    }

    private mutating func ask(_ input: inout InputCursor) throws(Finding) {
        let header = session.makeRequest(input.pick(Opcode.allCases), deadlineMilliseconds: UInt32(input.byte()))
        let mayAsk = isReady && pending.count < maxInFlight
        try require((header != nil) == mayAsk, "requests are made while the server takes them")
        guard let header else { return }
        try require(header.requestID == lastID + 1, "ids ascend from 1")
        lastID = header.requestID
        pending.append(lastID)
        try checkWire(Frame(header: header, payload: ByteBuffer()))
    }

    private mutating func note(_ action: ClientAction) throws(Finding) {
        try require(!hasEnded || action == .none, "nothing comes after the end")
        switch action {
        case .none: break
        case .event(let frame): try require(frame.header.type == .event || frame.header.type == .pong, "an EVENT or a PONG is handed on")
        case .ready(let answer):
            try require(isConnected && lastID == 0 && !isReady, "the server becomes ready once")
            isReady = true
            maxInFlight = Int(answer.maxInFlight)
        case .answer(let id, let answer):
            try require(pending.contains(id), "only what was asked is answered, and once")
            if case .refused(let status, _) = answer { try require(status != .ok, "a refusal is none of success") }
            pending.removeAll { $0 == id }
        case .resend(let ids):
            try require(ids == ids.sorted() && Set(ids).isSubset(of: pending), "what is to be asked again was asked and not answered")
            pending.removeAll { ids.contains($0) }
            isReady = false
        case .fail:
            isReady = false
            hasEnded = true
        }
    }

    /// A server's decoder takes it after a HELLO.
    private func checkWire(_ frame: Frame) throws(Finding) {
        var buffer = ByteBuffer()
        if frame.header.type != .hello {
            Frames.hello(Hello(magic: "RSV", versionMin: 1, versionMax: 1), encoding: .tlv).write(into: &buffer)
        }
        frame.write(into: &buffer)
        var decoder = FrameDecoder(receiving: .client)
        decoder.append(buffer)
        var last: Frame?
        while let next = try? decoder.next() { last = next }
        try require(last == frame, "what is sent is a frame that a server may receive")
    }
}
