import ReservationClient
import ReservationCore
import ReservationWire
import Testing

@testable import ReservationGateway

@Suite("An open page's connection", .timeLimit(.minutes(1)))
struct EventStreamTests: GatewayServing {
    private static let venue = OrganizationProfileResponse(
        orq: 1, createdAt: Instant(seconds: 0), updatedAt: Instant(seconds: 0), timeZone: "Europe/Berlin", name: "Museum",
        allowStarted: false)

    private func openPage(_ port: Int) throws -> HTTPPeer {
        let peer = try HTTPPeer(port: port)
        peer.send("GET /api/reservation-slots/events?month=2026-11 HTTP/1.1\r\nHost: portal\r\n\r\n")
        let head = try peer.read(until: "retry: 3000\n\n")
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(head.contains("content-type: text/event-stream; charset=utf-8\r\n") && head.contains("transfer-encoding: chunked\r\n"))
        return peer
    }

    @Test("stays open and is told what the daemon tells")
    func events() async throws {
        let ledger = RecordingLedger(.answer(Self.venue))
        try await serving(ledger) { port, _ in
            let page = try await offPool { try openPage(port) }
            ledger.watch.yield(.began)
            let text = try await offPool { try page.read(until: "event: refresh\ndata: {}\n\n") }
            #expect(!text.contains("HTTP/1.1"))
        }
    }

    @Test("ends with the gateway, which waits for no page")
    func shutdown() async throws {
        let ledger = RecordingLedger(.answer(Self.venue))
        try await serving(ledger) { port, group in
            let page = try await offPool { try openPage(port) }
            await group.triggerGracefulShutdown()
            let rest = try await offPool { try page.readToEnd() }
            #expect(rest == "0\r\n\r\n")
        }
    }

    @Test("gives its seat back when the browser leaves, however it leaves")
    func leaving() async throws {
        let ledger = RecordingLedger(.answer(Self.venue))
        try await serving(ledger, configuration: GatewayConfiguration(defaultOrganization: .number(1), openPages: 1)) { port, _ in
            let page = try await offPool { try openPage(port) }
            let refused = try await offPool {
                let peer = try HTTPPeer(port: port)
                peer.send("GET /api/reservation-slots/events?month=2026-11 HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n\r\n")
                return try peer.readToEnd()
            }
            #expect(refused.hasPrefix("HTTP/1.1 503 ") && refused.contains("retry-after: 60\r\n"))
            try await offPool {
                page.closeSending()
                #expect(try page.readToEnd().hasSuffix("0\r\n\r\n"))
                // The seat is free once the connection has ended.
                _ = try openPage(port)
            }
        }
    }

    @Test("HEAD tells what GET would, and takes no seat")
    func head() async throws {
        let ledger = RecordingLedger(.answer(Self.venue))
        try await serving(ledger, configuration: GatewayConfiguration(defaultOrganization: .number(1), openPages: 1)) { port, _ in
            try await offPool {
                for _ in 0..<3 {
                    let peer = try HTTPPeer(port: port)
                    peer.send("HEAD /api/reservation-slots/events?month=2026-11 HTTP/1.1\r\nHost: portal\r\nConnection: close\r\n\r\n")
                    #expect(try peer.readToEnd().contains("text/event-stream"))
                }
            }
        }
    }
}
