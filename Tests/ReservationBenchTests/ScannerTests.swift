import NIOCore
import ReservationWire
import Testing

@testable import ReservationBench

/// Feeds a scanner as a connection does: what it leaves of one read stands before the next.
private func scan(_ bytes: [UInt8], by size: Int, with scanner: some AnswerScanner) throws -> [ReservationBench.Answer] {
    var scanner = scanner
    var answers: [ReservationBench.Answer] = []
    var kept: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
        kept += bytes[start..<min(start + size, bytes.count)]
        let used = try kept.withUnsafeBytes { try scanner.scan($0, into: &answers) }
        kept.removeFirst(used)
    }
    #expect(kept.isEmpty)
    return answers
}

@Suite("Answers in RSV/1")
struct FrameScannerTests {
    private var frames: [UInt8] {
        var bytes = ByteBuffer()
        for (id, status) in [(UInt64(3), UInt16(0)), (1, Status.slotFull.rawValue), (2, 0)] {
            let header = FrameHeader(
                status == 0 ? .response : .error, opcode: Opcode.reservationCreate.rawValue, requestID: id, status: status, encoding: .tlv)
            Frame(header: header, payload: ByteBuffer(repeating: 7, count: id == 2 ? 0 : 40)).write(into: &bytes)
        }
        return Array(bytes.readableBytesView)
    }

    @Test("are found however the bytes are cut", arguments: 1...130)
    func fragments(size: Int) throws {
        let answers = try scan(frames, by: size, with: FrameScanner())
        #expect(answers.map(\.request) == [2, 0, 1])
        #expect(answers.map(\.refusal) == [0, Status.slotFull.rawValue, 0])
    }

    @Test("are not anything else that a server may send", arguments: [FrameType.goAway, .helloAck, .pong])
    func strangers(type: FrameType) {
        var bytes = ByteBuffer()
        Frame(header: FrameHeader(type, requestID: 1, encoding: .tlv), payload: ByteBuffer()).write(into: &bytes)
        #expect(throws: BenchFailure.self) { try scan(Array(bytes.readableBytesView), by: 1000, with: FrameScanner()) }
    }
}

@Suite("Answers in HTTP")
struct HTTPScannerTests {
    private let text =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\r\n{\"a\":1}"
        + "HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}"
        + "HTTP/1.1 200 OK\r\nCONTENT-LENGTH:0\r\n\r\n"

    @Test("are found however the bytes are cut", arguments: 1...200)
    func fragments(size: Int) throws {
        let answers = try scan(Array(text.utf8), by: size, with: HTTPScanner())
        #expect(answers.map(\.refusal) == [0, 409, 0])
    }

    @Test("need a length")
    func noLength() {
        let chunked = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
        #expect(throws: BenchFailure.self) { try scan(chunked, by: 1000, with: HTTPScanner()) }
    }
}
