import Glibc
import ReservationProcess
import ServiceLifecycle
import Testing

@testable import ReservationGateway

/// What callers see of a gateway that is started anew on a socket that stays.
@Suite("The HTTP server's end and its successor", .timeLimit(.minutes(2)))
struct GatewayRestartTests: GatewayServing {
    private let request = "GET /healthz HTTP/1.1\r\nHost: portal\r\n\r\n"

    @Test("a caller who has just connected when the server is told to stop is still answered, and told that it was the last")
    func justConnected() async throws {
        var limits = ConnectionLimits()
        limits.firstRequestMilliseconds = 60_000
        try await serving(limits: limits) { port, group in
            let fresh = try await offPool { try HTTPPeer(port: port) }
            let other = try await offPool {
                // Answered, so that the one who came before has been let in.
                let peer = try HTTPPeer(port: port)
                peer.send(request)
                _ = try peer.readReplies(1)
                return peer
            }
            await group.triggerGracefulShutdown()
            let (answer, nothing) = try await offPool {
                let nothing = try other.readToEnd()
                fresh.send(request)
                return (try fresh.readToEnd(), nothing)
            }
            #expect(nothing.isEmpty)
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.contains("connection: close\r\n"))
        }
    }

    @Test("one that was given a socket leaves it as it is: who comes meanwhile is answered by the next")
    func socketOfAnother() async throws {
        let socket = try GivenSocket()
        try await serving(place: .inherited([socket.inherited()])) { _, _ in
            let answer = try await offPool {
                let peer = try HTTPPeer(port: socket.port)
                peer.send(request)
                return try peer.readReplies(1)
            }
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
        }
        let waiting = try await offPool {
            // More than the queue of 128 that NIO would leave behind.
            let peers = try (0..<200).map { _ in try HTTPPeer(port: socket.port) }
            for peer in peers { peer.send(request) }
            return peers
        }
        try await serving(place: .inherited([socket.inherited()])) { port, _ in
            #expect(port == socket.port)
            let answers = try await offPool { try waiting.map { try $0.readReplies(1) } }
            #expect(answers.allSatisfy { $0.hasPrefix("HTTP/1.1 200 ") })
        }
    }

    @Test("on a socket that stays, callers are let in for a moment after SIGTERM, and each kept connection hears of the end with an answer")
    func recycling() async throws {
        let socket = try GivenSocket()
        var limits = ConnectionLimits()
        limits.recycleMilliseconds = 60_000
        try await serving(limits: limits, place: .inherited([socket.inherited()])) { port, group in
            let (kept, other, first) = try await offPool {
                let peers = try (0..<2).map { _ in try HTTPPeer(port: port) }
                let answers = try peers.map { peer in
                    peer.send(request)
                    return try peer.readReplies(1)
                }
                return (peers[0], peers[1], answers)
            }
            #expect(first.allSatisfy { !$0.contains("connection: close") })
            await group.triggerGracefulShutdown()
            let (more, new, last) = try await offPool {
                // Until the server has heard of it.
                repeat { kept.send(request) } while try !kept.readReplies(1).contains("connection: close")
                let more = try kept.readToEnd()
                // As long as the other one stays, somebody more may come.
                let newcomer = try HTTPPeer(port: port)
                newcomer.send(request)
                let new = try newcomer.readToEnd()
                other.send(request)
                return (more, new, try other.readToEnd())
            }
            #expect(more.isEmpty)
            for answer in [new, last] {
                #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains("connection: close\r\n"))
            }
        }
    }
}

/// A listening socket as systemd holds it: each process gets a descriptor of its own, and the socket outlives it.
private final class GivenSocket: Sendable {
    private let descriptor: Int32
    let port: Int

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (bound, named) = withUnsafeMutableBytes(of: &address) { [descriptor] bytes -> (Int32, Int32) in
            let pointer = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            return (bind(descriptor, pointer, size), getsockname(descriptor, pointer, &size))
        }
        try #require(bound == 0 && named == 0)
        try #require(listen(descriptor, 1024) == 0)
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }

    func inherited() -> InheritedSocket { InheritedSocket(name: "http", descriptor: dup(descriptor)) }
}
