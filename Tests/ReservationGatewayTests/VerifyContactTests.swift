import ReservationCore
import ReservationWire
import Testing

@testable import ReservationGateway

@Suite("POST /api/tickets/verify-contact")
struct VerifyContactTests {
    private let path = "/api/tickets/verify-contact"
    private let answer = RecordingLedger.Script.answer(
        VerifyContactResponse(customerEmail: "john@example.com", customerPhone: "+12025551234"))

    @Test("a usable contact is confirmed in the card's words, and no one-time password is sent")
    func success() async throws {
        let door = Doorstep(answer)
        let reply = try await door.post(path, #"{"ticket_id":123,"email":"john@Example.com","phone":"+12025551234"}"#)
        #expect(reply.status == 200)
        #expect(reply.text == #"{"success":true,"message":"Contact information verified","otp_sent":false}"#)
        #expect(
            door.ledger.requests as? [VerifyContactRequest]
                == [
                    VerifyContactRequest(
                        orq: 1, ticketID: 123, customerEmail: "john@example.com", customerPhone: "+12025551234", requestID: "request-1")
                ])
    }

    @Test("both mistakes are told at once, under the names of the request")
    func invalidContact() async throws {
        let door = Doorstep(answer)
        let reply = try await door.post(path, #"{"ticket_id":123,"email":"john","phone":"12"}"#)
        #expect(reply.status == 400)
        #expect(reply.error?["code"] == .string("INVALID_CONTACT"))
        #expect(reply.fields == ["email", "phone"])
        #expect(door.ledger.requests.isEmpty)
        let line = try #require(door.log.with("contact.verification.failed").first)
        #expect(line.contains("validation_errors=email,phone") && line.contains("ticket_id=123") && line.contains("request_id=request-1"))
        #expect(door.log.with("contact.verification.requested").map { $0.contains("customer_email=***") } == [true])
    }

    @Test("what the daemon says of its fields is told under the names of the request, too")
    func daemonNames() async throws {
        let refusal = ErrorReply(Refusal.invalidContact([FieldProblem(field: "customer_phone", message: "too short")]))
        let reply = try await Doorstep(.refuse(.invalidContact, refusal)).post(
            path, #"{"ticket_id":1,"email":"john@example.com","phone":"+12025551234"}"#)
        #expect(reply.fields == ["phone"])
    }

    @Test("missing fields and wrong types are named, every one of them")
    func invalidRequest() async throws {
        let reply = try await Doorstep(answer).post(path, #"{"ticket_id":"123","email":7,"ticket_code":false}"#)
        #expect(reply.error?["code"] == .string("INVALID_REQUEST"))
        #expect(reply.fields == ["ticket_id", "email", "phone", "ticket_code"])
    }

    @Test("the ticket's code goes along in its normal form; null is as good as none")
    func ticketCode() async throws {
        let door = Doorstep(answer)
        _ = try await door.post(
            path, #"{"ticket_id":1,"ticket_code":"tkt-2025-abc123-def456","email":"j@example.com","phone":"+12025551234"}"#)
        _ = try await door.post(path, #"{"ticket_id":1,"ticket_code":null,"email":"j@example.com","phone":"+12025551234"}"#)
        #expect((door.ledger.requests as? [VerifyContactRequest])?.map(\.ticketCode) == ["TKT-2025-ABC123-DEF456", nil])
        let bad = try await door.post(path, #"{"ticket_id":1,"ticket_code":"x","email":"j@example.com","phone":"+12025551234"}"#)
        #expect(bad.error?["code"] == .string("INVALID_TICKET_CODE"))
    }

    @Test("where the operator insists on the code, its absence is 403")
    func codeRequired() async throws {
        var configuration = GatewayConfiguration(defaultOrganization: .number(1))
        configuration.requiresTicketCode = true
        let reply = try await Doorstep(answer, configuration: configuration).post(
            path, #"{"ticket_id":1,"email":"j@example.com","phone":"+12025551234"}"#)
        #expect(reply.status == 403)
        #expect(reply.error?["code"] == .string("TICKET_CODE_REQUIRED"))
    }

    @Test("the fewest digits of a number are the operator's choice")
    func minimumDigits() async throws {
        var configuration = GatewayConfiguration(defaultOrganization: .number(1))
        configuration.phoneMinimumDigits = 10
        let body = #"{"ticket_id":1,"email":"j@example.com","phone":"+3763123"}"#
        #expect(try await Doorstep(answer, configuration: configuration).post(path, body).fields == ["phone"])
        #expect(try await Doorstep(answer).post(path, body).status == 200)
    }

    @Test("no log line holds an address or a number as it was given")
    func privacy() async throws {
        let door = Doorstep(answer)
        _ = try await door.post(path, #"{"ticket_id":1,"email":"john@example.com","phone":"+12025551234"}"#)
        _ = try await door.post(path, #"{"ticket_id":1,"email":"john@","phone":"+0"}"#)
        #expect(!door.log.all.contains { $0.contains("john") || $0.contains("12025551234") })
    }
}
