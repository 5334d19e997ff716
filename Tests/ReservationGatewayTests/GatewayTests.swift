import NIOCore
import ReservationClient
import ReservationCore
import ReservationWire
import Testing

@testable import ReservationGateway

@Suite("What all endpoints have in common")
struct GatewayTests {
    private let healthy = RecordingLedger.Script.answer(HealthResponse(writable: true))

    @Test(
        "what is not there is NOT_FOUND in the contract's form",
        arguments: [
            "/reserve/", "/reserve/assets/x/nothing.js", "/reserve/assets/", "/api", "/api/tickets/validate/", "/API/tickets/validate",
            "//",
            "*",
        ])
    func notFound(path: String) async throws {
        let reply = try await Doorstep(healthy).get(path)
        #expect(reply.status == 404)
        #expect(reply.text == #"{"success":false,"error":{"code":"NOT_FOUND","message":"There is nothing at this address."}}"#)
    }

    @Test("a wrong method is 405 and tells the right ones", arguments: Route.allCases)
    func methods(route: Route) async throws {
        let wrong = try await Doorstep(healthy).get(route.rawValue, method: route.isPost ? "GET" : "DELETE")
        #expect(wrong.status == 405)
        #expect(wrong.error?["code"] == .string("METHOD_NOT_ALLOWED"))
        #expect(wrong.allow == (route.isPost ? "POST" : "GET, HEAD"))
        #expect(ReplyHeaders.list(wrong, id: "i", date: "d").contains { $0.name == "allow" && $0.value == route.allow })
    }

    @Test("HEAD is answered wherever GET is, with what GET would answer")
    func head() async throws {
        for route in [Route.alive, .ready, .openAPI] {
            let get = try await Doorstep(healthy).get(route.rawValue)
            #expect(get.status == 200)
            #expect(try await Doorstep(healthy).get(route.rawValue, method: "HEAD") == get)
        }
    }

    @Test(
        "only application/json is read, with UTF-8 as its charset if any",
        arguments: [
            ("application/json", true), ("Application/JSON; charset=UTF-8", true), ("application/json;charset=\"utf-8\"", true),
            ("application/json; charset=latin1", false), ("text/plain", false), ("application/jsonp", false), ("", false),
            ("application/x-www-form-urlencoded", false), ("application/json, text/html", false),
        ])
    func mediaType(value: String, isAccepted: Bool) async throws {
        let reply = try await Doorstep(healthy).post("/api/tickets/validate", "{}", headers: [("content-type", value)])
        #expect(reply.status == (isAccepted ? 400 : 415))
    }

    @Test("no media type, or two, is 415")
    func mediaTypeCount() async throws {
        let json = ("content-type", "application/json")
        #expect(try await Doorstep(healthy).post("/api/tickets/validate", "{}", headers: []).status == 415)
        #expect(try await Doorstep(healthy).post("/api/tickets/validate", "{}", headers: [json, json]).status == 415)
    }

    @Test("a body above the limit is 413, one of exactly the limit is read")
    func bodyLimit() async throws {
        var configuration = GatewayConfiguration(defaultOrganization: .number(1))
        configuration.bodyLimitBytes = 100
        let door = Doorstep(healthy, configuration: configuration)
        let whole = #"{"a":""# + String(repeating: "x", count: 92) + #""}"#
        #expect(whole.utf8.count == 100)
        #expect(try await door.post("/api/tickets/validate", whole).status == 400)
        #expect(try await door.post("/api/tickets/validate", whole + " ").status == 413)
    }

    @Test("the process lives without asking the daemon; it is ready when the daemon can write")
    func health() async throws {
        let door = Doorstep(.fail(ClientError(code: .unreachable, message: "/run/secret.sock is not there")))
        #expect(try await door.get("/healthz").text == #"{"success":true,"data":{"status":"alive"}}"#)
        #expect(door.ledger.requests.isEmpty)
        #expect(try await door.get("/readyz").status == 503)
        #expect(door.ledger.deadlines == [.seconds(2)])
        #expect(try await Doorstep(healthy).get("/readyz").text == #"{"success":true,"data":{"status":"ready"}}"#)
        let full = try await Doorstep(.answer(HealthResponse(writable: false))).get("/readyz")
        #expect(full.status == 503)
        #expect(full.error?["code"] == .string("UNAVAILABLE"))
        #expect(full.retryAfter == 1)
    }

    @Test(
        "no answer of the daemon is UNAVAILABLE, or INTERNAL where asking again cannot help, and says nothing of sockets",
        arguments: [
            (ClientError.Code.unreachable, 503), (.notPermitted, 503), (.deadlineExceeded, 503), (.outcomeUnknown, 503), (.cancelled, 503),
            (.closed, 503), (.protocolViolation, 500), (.unsupportedVersion, 500), (.requestTooLarge, 500),
        ])
    func noAnswer(code: ClientError.Code, http: Int) async throws {
        let door = Doorstep(.fail(ClientError(code: code, message: "/run/secret.sock", underlying: "EACCES")))
        let reply = try await door.get("/api/reservation-slots/available")
        #expect(reply.status == http)
        #expect(reply.error?["code"] == .string(http == 503 ? "UNAVAILABLE" : "INTERNAL"))
        #expect((reply.retryAfter != nil) == (http == 503))
        #expect(!reply.text.contains("secret"))
        #expect(door.log.with("ledger.unreachable").first?.contains("/run/secret.sock") == true)
    }

    @Test("a booking of which the daemon has written nothing is told as failed here, with its ids; one that it decided on is not")
    func undecided() async throws {
        let body = #"{"ticket_id":5,"slot_id":6,"customer_email":"john@example.com","customer_phone":"+12025551234"}"#
        func failures(_ script: RecordingLedger.Script) async throws -> [String] {
            let door = Doorstep(script)
            _ = try await door.post("/api/reservations/create", body)
            _ = try await door.post("/api/tickets/validate", #"{"ticket_code":"TKT-2025-ABC123-DEF456"}"#)
            _ = try await door.post(
                "/api/tickets/verify-contact", #"{"ticket_id":5,"email":"john@example.com","phone":"+12025551234"}"#)
            return door.log.all.filter { $0.contains(".failed ") }
        }
        let lost = try await failures(.fail(ClientError(code: .unreachable, message: "no daemon")))
        #expect(lost.count == 3)
        #expect(lost[0].hasPrefix("reservation.creation.failed ") && lost[0].contains("slot_id=6 ticket_id=5"))
        #expect(lost[1].hasPrefix("ticket.validation.failed ") && lost[1].contains("ticket_code=TKT-2025-***456"))
        #expect(lost[2].hasPrefix("contact.verification.failed ") && lost[2].contains("ticket_id=5"))
        #expect(lost.allSatisfy { $0.contains("request_id=request-1") && $0.contains("reason=UNAVAILABLE") && $0.contains("warning") })
        #expect(try await failures(.refuse(.overloaded, ErrorReply(message: "full"))).count == 3)
        #expect(try await failures(.refuse(.ticketNotFound, ErrorReply(message: "no"))) == [])
        #expect(try await failures(.refuse(.unavailable, ErrorReply(message: "no space"))) == [])
    }

    @Test("a success is written down only when it took a second or more")
    func slow() async throws {
        let door = Doorstep(healthy)
        let quick = try await door.get("/readyz")
        #expect(door.log.with("http.request").allSatisfy { $0.contains("debug") })
        let exchange = Exchange(
            request: EdgeRequest(method: "GET", target: "/readyz"), target: RequestTarget("/readyz"), id: "slow", client: nil)
        door.gateway.recordAccess(quick, exchange, .ready, took: 1.5)
        let line = try #require(door.log.with("http.request").last)
        #expect(line.contains("notice") && line.contains("duration_us=1500000") && line.contains("request_id=slow"))
    }

    @Test(
        "the daemon's wish when to ask again becomes whole seconds, rounded up",
        arguments: [(nil, 1), (1, 1), (1000, 1), (1001, 2), (59_999, 60)])
    func retryAfter(milliseconds: UInt64?, seconds: Int) async throws {
        let refusal = ErrorReply(message: "queue of 8192 is full", retryAfterMilliseconds: milliseconds)
        let reply = try await Doorstep(.refuse(.overloaded, refusal)).get("/readyz")
        #expect(reply.status == 503)
        #expect(reply.retryAfter == seconds)
        #expect(!reply.text.contains("queue"))
    }

    @Test("an uncertain outcome is 503 and tells how to make sure")
    func outcomeUnknown() async throws {
        let reply = try await Doorstep(.refuse(.outcomeUnknown, ErrorReply(message: "fsync failed"))).get("/readyz")
        #expect(reply.status == 503)
        #expect(reply.error?["message"]?.string?.contains("Idempotency-Key") == true)
    }

    @Test("what reading the body throws is thrown on, so that a broken request is never answered as if it were whole")
    func brokenBody() async throws {
        var edge = EdgeRequest(method: "POST", target: "/api/tickets/validate")
        edge.headers.add("content-type", "application/json")
        await #expect(throws: UnexpectedRead.self) {
            try await Doorstep(healthy).gateway.respond(to: edge, id: "i") { _ in throw UnexpectedRead() }
        }
    }

    @Test("every reply has the security headers, and JSON is never cached")
    func headers() async throws {
        let names = [
            "x-content-type-options", "referrer-policy", "content-security-policy", "cache-control", "x-request-id", "date",
            "content-length",
        ]
        for path in ["/healthz", "/nothing"] {
            let list = ReplyHeaders.list(try await Doorstep(healthy).get(path), id: "the-id", date: "today")
            for name in names { #expect(list.filter { $0.name == name }.count == 1, "\(name)") }
            #expect(!list.contains { $0.name == "server" })
            #expect(list.contains { $0 == ("cache-control", "no-store") })
            #expect(list.contains { $0 == ("x-request-id", "the-id") })
        }
    }

    @Test("each request leaves a line with its route, never with the path or method that was sent")
    func accessLog() async throws {
        let door = Doorstep(healthy)
        _ = try await door.get("/secret?token=abc", method: "EVIL")
        _ = try await door.get("/healthz")
        let lines = door.log.with("http.request")
        #expect(lines.count == 2)
        #expect(lines[0].contains("info") && lines[0].contains("path=unknown") && lines[0].contains("method=other"))
        #expect(lines[0].contains("http_status=404") && lines[0].contains("reason=NOT_FOUND"))
        #expect(lines[1].contains("debug") && lines[1].contains("path=/healthz"))
        #expect(!lines.joined().contains("secret") && !lines.joined().contains("abc") && !lines.joined().contains("EVIL"))
    }
}
