import ReservationClient
import ReservationCore
import ReservationWire
import Testing

@testable import ReservationGateway

@Suite("POST /api/tickets/validate")
struct ValidateTicketTests {
    private let path = "/api/tickets/validate"
    private let code = "TKT-2025-ABC123-DEF456"
    private let answer = RecordingLedger.Script.answer(
        ValidateTicketResponse(ticketID: 123, ticketCode: "TKT-2025-ABC123-DEF456", productID: 5, orderID: 456, status: "ACTIVATED"))

    @Test("a ticket that can be reserved is described exactly as the card says")
    func success() async throws {
        let door = Doorstep(answer)
        let reply = try await door.post(path, #"{"ticket_code":"\#(code)"}"#)
        #expect(reply.status == 200)
        #expect(
            reply.text
                == #"{"success":true,"data":{"ticket_id":123,"ticket_code":"TKT-2025-ABC123-DEF456","status":"ACTIVATED","product_id":5,"order_id":456}}"#
        )
        #expect(
            door.ledger.requests as? [ValidateTicketRequest]
                == [ValidateTicketRequest(orq: 1, ticketCode: code, requestID: "request-1")])
        #expect(door.ledger.deadlines == [.seconds(10)])
    }

    @Test("the code may have space around it and small letters")
    func typedCode() async throws {
        let door = Doorstep(answer)
        #expect(try await door.post(path, #"{"ticket_code":" tkt-2025-abc123-def456\n"}"#).status == 200)
        #expect((door.ledger.requests.first as? ValidateTicketRequest)?.ticketCode == code)
    }

    @Test(
        "what is not a ticket code never reaches the daemon",
        arguments: ["TKT-2025-ABC123", "", "TKT-2025-ABC123-DEF45!", "XKT-2025-ABC123-DEF456", "TKT-2025-ÄBC123-DEF456"])
    func invalidCode(text: String) async throws {
        let door = Doorstep(answer)
        let reply = try await door.post(path, #"{"ticket_code":"\#(text)"}"#)
        #expect(reply.status == 400)
        #expect(reply.error?["code"] == .string("INVALID_TICKET_CODE"))
        #expect(door.ledger.requests.isEmpty)
        #expect(door.log.with("ticket.validation.failed").map { $0.contains("ticket_code=***") } == [true])
        #expect(door.log.with("ticket.validation.requested").map { $0.contains("result=invalid") } == [true])
    }

    @Test(
        "a body that is no object with a string in ticket_code is INVALID_REQUEST and names the field",
        arguments: [
            ("", "body"), ("{", "body"), ("[]", "body"), ("\"x\"", "body"), ("{}", "ticket_code"),
            (#"{"ticket_code":null}"#, "ticket_code"),
            (#"{"ticket_code":5}"#, "ticket_code"), (#"{"ticket_code":["a"]}"#, "ticket_code"),
            (#"{"ticket_code":"a","ticket_code":"b"}"#, "body"),
        ])
    func invalidRequest(body: String, field: String) async throws {
        let reply = try await Doorstep(answer).post(path, body)
        #expect(reply.status == 400)
        #expect(reply.error?["code"] == .string("INVALID_REQUEST"))
        #expect(reply.fields == [field])
    }

    @Test(
        "the daemon's refusals have validate's own statuses",
        arguments: [
            (Status.ticketNotFound, 400, "TICKET_NOT_FOUND"), (.ticketNotActivated, 400, "TICKET_NOT_ACTIVATED"),
            (.ticketExpired, 400, "TICKET_EXPIRED"), (.ticketAlreadyUsed, 400, "TICKET_ALREADY_USED"),
            (.organizationNotFound, 404, "ORGANIZATION_NOT_FOUND"),
        ])
    func refusals(status: Status, http: Int, code: String) async throws {
        let reply = try await Doorstep(.refuse(status, ErrorReply(message: "words"))).post(path, #"{"ticket_code":"\#(self.code)"}"#)
        #expect(reply.status == http)
        #expect(reply.error?["code"] == .string(code))
        #expect(reply.error?["message"] == .string("words"))
    }

    @Test("a reserved ticket is 409 with the reserved date, and with null when none is known")
    func reserved() async throws {
        let refusal = ErrorReply(Refusal.ticketAlreadyReserved(CalendarDate("2025-11-20")))
        let reply = try await Doorstep(.refuse(.ticketAlreadyReserved, refusal)).post(path, #"{"ticket_code":"\#(code)"}"#)
        #expect(reply.status == 409)
        #expect(
            reply.text
                == #"{"success":false,"error":{"code":"TICKET_ALREADY_RESERVED","message":"This ticket is already reserved for 2025-11-20.","reserved_date":"2025-11-20"}}"#
        )
        let unknown = try await Doorstep(.refuse(.ticketAlreadyReserved, ErrorReply(message: "m"))).post(
            path, #"{"ticket_code":"\#(code)"}"#)
        #expect(unknown.error?["reserved_date"] == .null)
    }

    @Test("too many failed validations of an address are 429 with the seconds to wait, for it alone, until they have passed")
    func rateLimit() async throws {
        var configuration = GatewayConfiguration(defaultOrganization: .number(1))
        configuration.failedValidationsPerMinute = 3
        let door = Doorstep(.refuse(.ticketNotFound, ErrorReply(message: "no")), configuration: configuration)
        let body = #"{"ticket_code":"\#(code)"}"#
        #expect(try await door.post(path, body).status == 400)
        #expect(try await door.post(path, #"{"ticket_code":"nonsense"}"#).status == 400)
        // A body that is not understood guesses nothing, so it does not count.
        #expect(try await door.post(path, "{}").error?["code"] == .string("INVALID_REQUEST"))
        #expect(try await door.post(path, body).status == 400)
        let limited = try await door.post(path, body)
        #expect(limited.status == 429)
        #expect(limited.error?["code"] == .string("RATE_LIMITED"))
        let seconds = try #require(limited.retryAfter)
        #expect((1...120).contains(seconds))
        #expect(try await door.post(path, body, peer: "192.0.2.2").status == 400)
        door.time.advance(Double(seconds))
        #expect(try await door.post(path, body).status == 400)
        #expect(door.ledger.requests.count == 4)
    }

    @Test("validations that succeed are never limited")
    func honestCrowd() async throws {
        var configuration = GatewayConfiguration(defaultOrganization: .number(1))
        configuration.failedValidationsPerMinute = 1
        let door = Doorstep(answer, configuration: configuration)
        for _ in 0..<50 { #expect(try await door.post(path, #"{"ticket_code":"\#(code)"}"#).status == 200) }
    }

    @Test("no log line holds a code that was tried")
    func privacy() async throws {
        let door = Doorstep(.refuse(.ticketNotFound, ErrorReply(message: "no")))
        _ = try await door.post(path, #"{"ticket_code":"\#(code)"}"#)
        _ = try await door.post(path, #"{"ticket_code":"SECRET"}"#)
        #expect(!door.log.all.isEmpty)
        #expect(!door.log.all.contains { $0.contains("ABC123") || $0.contains("SECRET") })
        #expect(door.log.all.allSatisfy { $0.contains("request_id=request-1") })
    }
}
