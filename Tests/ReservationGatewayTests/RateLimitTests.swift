import ReservationClient
import ReservationCore
import ReservationWire
import Testing

@testable import ReservationGateway

@Suite("How many bookings one address may try")
struct RateLimitTests {
    private let create = "/api/reservations/create"
    private let body = #"{"ticket_id":123,"slot_id":10,"customer_email":"john@example.com","customer_phone":"+12025551234"}"#
    private let booked = RecordingLedger.Script.answer(CreateReservationTests.response)

    private func door(_ script: RecordingLedger.Script, creations: Int = 3, exempt: [String] = [], proxies: [String] = []) -> Doorstep {
        var configuration = GatewayConfiguration(defaultOrganization: .number(1))
        configuration.creationsPerMinute = creations
        configuration.failedValidationsPerMinute = 2
        configuration.rateLimitExempt = exempt.compactMap { AddressRange($0) }
        configuration.trustedProxies = proxies.compactMap { AddressRange($0) }
        return Doorstep(script, configuration: configuration)
    }

    @Test("as many pass as may; then it is 429 with the seconds to wait, for that address alone, until they have passed")
    func limit() async throws {
        let door = door(booked)
        for _ in 0..<3 { #expect(try await door.post(create, body).status == 200) }
        let limited = try await door.post(create, body)
        #expect(limited.status == 429)
        #expect(limited.error?["code"] == .string("RATE_LIMITED"))
        #expect(limited.error?["message"] == .string("Too many bookings from your network address. Please try again later."))
        let seconds = try #require(limited.retryAfter)
        #expect((1...120).contains(seconds))
        #expect(try await door.post(create, body, peer: "192.0.2.2").status == 200)
        #expect(door.ledger.requests.count == 4)
        door.time.advance(Double(seconds))
        #expect(try await door.post(create, body).status == 200)
    }

    @Test("nobody is limited unless the operator says so")
    func off() async throws {
        let door = door(booked, creations: 0)
        for _ in 0..<200 { #expect(try await door.post(create, body).status == 200) }
    }

    @Test("a refused booking counts; a form with mistakes does not, nor a replay, nor what we could not answer")
    func whatCounts() async throws {
        let full = door(.refuse(.slotFull, ErrorReply(message: "full")), creations: 1)
        #expect(try await full.post(create, body).status == 409)
        #expect(try await full.post(create, body).status == 429)

        let mistaken = door(booked, creations: 1)
        #expect(try await mistaken.post(create, "{}").status == 400)
        #expect(try await mistaken.post(create, body).status == 200)

        let replayed = door(.answer(CreateReservationTests.response, replayed: true), creations: 1)
        for _ in 0..<5 { #expect(try await replayed.post(create, body).status == 200) }

        let busy = door(.refuse(.overloaded, ErrorReply(message: "busy")), creations: 1)
        for _ in 0..<5 { #expect(try await busy.post(create, body).status == 503) }
        let away = door(.fail(ClientError(code: .unreachable, message: "away")), creations: 1)
        for _ in 0..<5 { #expect(try await away.post(create, body).status == 503) }
    }

    @Test("of version 6 a /64 is one subscriber")
    func subscribers() async throws {
        let door = door(booked, creations: 1)
        #expect(try await door.post(create, body, peer: "2001:db8:1:2::1").status == 200)
        #expect(try await door.post(create, body, peer: "2001:db8:1:2:ffff::2").status == 429)
        #expect(try await door.post(create, body, peer: "2001:db8:1:3::1").status == 200)
    }

    @Test("an exempt address is held to neither limit, also behind a proxy; the proxy's being exempt frees nobody")
    func exempt() async throws {
        let door = door(booked, creations: 1, exempt: ["198.51.100.0/24", "10.0.0.0/8"], proxies: ["10.0.0.0/8"])
        let json = ("content-type", "application/json")
        for _ in 0..<5 {
            #expect(try await door.post(create, body, peer: "198.51.100.7").status == 200)
            let behind = [json, ("x-forwarded-for", "198.51.100.8")]
            #expect(try await door.post(create, body, headers: behind, peer: "10.0.0.1").status == 200)
        }
        let stranger = [json, ("x-forwarded-for", "198.51.100.8, 203.0.113.5")]
        #expect(try await door.post(create, body, headers: stranger, peer: "10.0.0.1").status == 200)
        #expect(try await door.post(create, body, headers: stranger, peer: "10.0.0.1").status == 429)

        let guessing = self.door(.refuse(.ticketNotFound, ErrorReply(message: "no")), exempt: ["192.0.2.1"])
        let code = #"{"ticket_code":"TKT-2025-ABC123-DEF456"}"#
        for _ in 0..<5 { #expect(try await guessing.post("/api/tickets/validate", code).status == 400) }
        for _ in 0..<2 { #expect(try await guessing.post("/api/tickets/validate", code, peer: "192.0.2.2").status == 400) }
        #expect(try await guessing.post("/api/tickets/validate", code, peer: "192.0.2.2").status == 429)
    }

    @Test("each limit has a budget of its own, and one line an address and minute in the log")
    func log() async throws {
        let door = door(.refuse(.ticketNotFound, ErrorReply(message: "no")), creations: 2)
        let code = #"{"ticket_code":"TKT-2025-ABC123-DEF456"}"#
        for _ in 0..<10 { _ = try await door.post("/api/tickets/validate", code) }
        for _ in 0..<10 { _ = try await door.post(create, body) }
        _ = try await door.post(create, body, peer: "192.0.2.2")
        let lines = door.log.with("address.limited")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.contains("notice") && $0.contains("remote_address=192.0.2.1") && $0.contains("limit=2") })
        #expect(lines.first?.contains("operation=ticket.validate") == true && lines.last?.contains("operation=reservation.create") == true)
        // Neither does each refusal have a line that is written by default.
        let refusals = door.log.all.filter { $0.contains("RATE_LIMITED") && !$0.hasPrefix("address.limited") }
        #expect(refusals.count == 16)
        #expect(refusals.allSatisfy { $0.hasPrefix("http.request debug") })
        door.time.advance(200)
        for _ in 0..<3 { _ = try await door.post(create, body) }
        #expect(door.log.with("address.limited").count == 3)
    }
}
