import Glibc
import Logging
import NIOCore
import ReservationClient
import ReservationWire
import ServiceLifecycle
import Synchronization
import Testing

@testable import ReservationGateway

@Suite("The HTTP server", .timeLimit(.minutes(2)))
struct GatewayServerTests: GatewayServing {
    private let host = "Host: portal\r\n"

    @Test("hundreds of requests in one piece are all answered in their order, and so is what comes behind them")
    func pipeliningWithoutEnd() async throws {
        try await serving { port, _ in
            let text = try await offPool {
                let peer = try HTTPPeer(port: port)
                let requests = (0..<300).map { "GET /healthz HTTP/1.1\r\n\(host)X-Request-Id: number-\($0)\r\n\r\n" }
                peer.send(requests.joined() + "this is no request\r\n\r\n")
                return try peer.readToEnd()
            }
            let statuses = text.ranges(of: "HTTP/1.1 ").map { text[$0.upperBound...].prefix(3) }
            #expect(statuses == Array(repeating: "200", count: 300) + ["400"])
            let ids = text.ranges(of: "number-").compactMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
            #expect(ids == Array(0..<300))
        }
    }

    @Test("requests of one connection are answered in their order, and the connection lives on")
    func pipelining() async throws {
        try await serving { port, _ in
            let text = try await offPool {
                let peer = try HTTPPeer(port: port)
                peer.send("GET /healthz HTTP/1.1\r\n\(host)X-Request-Id: one\r\n\r\nGET /none HTTP/1.1\r\n\(host)X-Request-Id: two\r\n\r\n")
                var text = try peer.readReplies(2)
                peer.send("GET /readyz HTTP/1.1\r\n\(host)X-Request-Id: three\r\n\r\n")
                text += try peer.readReplies(1)
                return text
            }
            let statuses = text.ranges(of: "HTTP/1.1 ").map { text[$0.upperBound...].prefix(3) }
            #expect(statuses == ["200", "404", "200"])
            let ids = text.split(separator: "\r\n").filter { $0.hasPrefix("x-request-id: ") }.map { $0.dropFirst(14) }
            #expect(ids == ["one", "two", "three"])
            #expect(!text.lowercased().contains("server:"))
        }
    }

    @Test("HEAD has GET's length and no body")
    func head() async throws {
        try await serving { port, _ in
            let text = try await offPool {
                let peer = try HTTPPeer(port: port)
                peer.send("HEAD /healthz HTTP/1.1\r\n\(host)Connection: close\r\n\r\n")
                return try peer.readToEnd()
            }
            #expect(text.contains("content-length: 42\r\n"))
            #expect(text.contains("connection: close\r\n"))
            #expect(text.hasSuffix("\r\n\r\n"))
        }
    }

    @Test(
        "what is no HTTP is answered in the contract's form, and the connection is closed",
        arguments: [
            ("\u{1}garbage\r\n\r\n", 400), ("GE T / HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 9000))\r\n\r\n", 431),
            ("GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nHost: x\r\n\r\n", 431),
            (
                "POST /api/tickets/validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\nZZ\r\n",
                400
            ),
        ])
    func brokenInput(bytes: String, status: Int) async throws {
        try await serving { port, _ in
            let text = try await offPool {
                let peer = try HTTPPeer(port: port)
                peer.send(bytes)
                return try peer.readToEnd()
            }
            #expect(text.hasPrefix("HTTP/1.1 \(status) "))
            #expect(text.contains("connection: close\r\n"))
            #expect(text.contains("x-content-type-options: nosniff\r\n"))
            #expect(text.contains(#""error":{"code":"INVALID_REQUEST""#))
        }
    }

    @Test("whole requests before broken bytes are answered first")
    func brokenAfterWhole() async throws {
        try await serving { port, _ in
            let text = try await offPool {
                let peer = try HTTPPeer(port: port)
                peer.send("GET /healthz HTTP/1.1\r\n\(host)\r\nGET /healthz HTTP/1.1\r\n\(host)\r\n\u{1}\r\n\r\n")
                return try peer.readToEnd()
            }
            #expect(text.components(of: "HTTP/1.1 200 ") == 2)
            #expect(text.components(of: "HTTP/1.1 400 ") == 1)
        }
    }

    @Test("a body that is announced too long is refused without being read")
    func tooLarge() async throws {
        try await serving { port, _ in
            let text = try await offPool {
                let peer = try HTTPPeer(port: port)
                peer.send(
                    "POST /api/tickets/validate HTTP/1.1\r\n\(host)Content-Type: application/json\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"
                )
                return try peer.readToEnd()
            }
            #expect(text.hasPrefix("HTTP/1.1 413 "))
            #expect(text.contains("connection: close\r\n"))
        }
    }

    @Test("an endless body is refused at the limit, and the connection is cut although the peer goes on")
    func endless() async throws {
        try await serving { port, _ in
            let refused = try await offPool {
                let peer = try HTTPPeer(port: port)
                peer.send(
                    "POST /api/tickets/validate HTTP/1.1\r\n\(host)Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                let chunk = "4000\r\n" + String(repeating: "x", count: 0x4000) + "\r\n"
                // Far more than is dropped after the refusal and fits the kernel's buffers.
                for _ in 0..<10_000 where !peer.send(chunk) { return true }
                return false
            }
            #expect(refused)
        }
    }

    @Test("a body that is asked for is sent and read")
    func continuing() async throws {
        try await serving { port, _ in
            let text = try await offPool {
                let peer = try HTTPPeer(port: port)
                peer.send(
                    "POST /api/tickets/validate HTTP/1.1\r\n\(host)Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
                )
                let first = try peer.readReplies(1)
                peer.send("{}")
                return first + (try peer.readToEnd())
            }
            #expect(text.hasPrefix("HTTP/1.1 100 "))
            #expect(text.contains("HTTP/1.1 400 "))
            #expect(text.contains(#""field":"ticket_code""#))
        }
    }

    @Test("a body that does not come in time ends the connection, and so does a header")
    func slowPeers() async throws {
        var limits = ConnectionLimits()
        limits.bodySeconds = 1
        limits.idleSeconds = 1
        try await serving(limits: limits) { port, _ in
            let texts = try await offPool {
                let slowBody = try HTTPPeer(port: port)
                slowBody.send("POST /api/tickets/validate HTTP/1.1\r\n\(host)Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
                let slowHeader = try HTTPPeer(port: port)
                slowHeader.send("GET /healthz HT")
                let silent = try HTTPPeer(port: port)
                return [try slowBody.readToEnd(), try slowHeader.readToEnd(), try silent.readToEnd()]
            }
            #expect(texts.allSatisfy { !$0.contains("HTTP/1.1 200 ") })
        }
    }

    @Test("HTTP/1.0 without keep-alive is closed after the answer")
    func oldVersion() async throws {
        try await serving { port, _ in
            let text = try await offPool {
                let peer = try HTTPPeer(port: port)
                peer.send("GET /healthz HTTP/1.0\r\n\r\n")
                return try peer.readToEnd()
            }
            #expect(text.contains(" 200 OK\r\n"))
            #expect(text.hasSuffix(#""status":"alive"}}"#))
        }
    }

    @Test("told to stop, the server answers what is in progress and ends idle connections")
    func shutdown() async throws {
        let ledger = GatedLedger()
        try await serving(ledger) { port, group in
            let (idle, busy) = try await offPool {
                let peers = (try HTTPPeer(port: port), try HTTPPeer(port: port))
                peers.0.send("GET /healthz HTTP/1.1\r\n\(host)\r\n")
                _ = try peers.0.readReplies(1)
                peers.1.send("GET /readyz HTTP/1.1\r\n\(host)\r\n")
                return peers
            }
            await ledger.waitForCall()
            await group.triggerGracefulShutdown()
            let nothing = try await offPool { try idle.readToEnd() }
            #expect(nothing.isEmpty)
            ledger.open()
            let answer = try await offPool { try busy.readToEnd() }
            #expect(answer.contains(#""status":"ready""#))
        }
    }
}

/// A daemon that answers when the test lets it.
private final class GatedLedger: Ledger {
    private let calls = AsyncStream.makeStream(of: Void.self)
    private let gate = AsyncStream.makeStream(of: Void.self)

    func waitForCall() async { for await _ in calls.stream { return } }
    func open() { gate.continuation.finish() }

    func watchSlots() -> AsyncStream<SlotWatchEvent> { AsyncStream { $0.finish() } }

    func call<O: Operation>(_ operation: O.Type, _ request: O.Request, deadline: Duration) async -> CallResult<O.Response> {
        calls.continuation.yield()
        for await _ in gate.stream {}
        guard let response = HealthResponse(writable: true) as? O.Response else {
            return .failed(ClientError(code: .protocolViolation, message: "only health is asked for"))
        }
        return .answered(response, replayed: false)
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
