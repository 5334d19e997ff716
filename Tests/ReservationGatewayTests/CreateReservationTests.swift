import ReservationClient
import ReservationCore
import ReservationWire
import Testing

@testable import ReservationGateway

@Suite("POST /api/reservations/create")
struct CreateReservationTests {
    private let path = "/api/reservations/create"
    private let body = #"{"ticket_id":123,"slot_id":10,"customer_email":"john@example.com","customer_phone":"+12025551234"}"#
    static let response = CreateReservationResponse(
        orq: 1, ticketID: 123, ticketCode: "TKT-2025-ABC123-DEF456", slotID: 10, reservationID: 789,
        reservedAt: Instant(seconds: 1_763_000_000),
        slot: SlotTime(
            date: CalendarDate("2025-11-14")!, startTime: TimeOfDay("12:00:00")!, endTime: TimeOfDay("14:00:00")!,
            startsAt: Instant(seconds: 1_763_118_000)),
        confirmationQueued: true)
    private let json = ("content-type", "application/json")

    private func key(_ door: Doorstep) -> UInt128? { (door.ledger.requests.last as? CreateReservationRequest)?.idempotencyKey }

    @Test("a reservation is told as the card says, with the QR code as a picture")
    func success() async throws {
        let door = Doorstep(.answer(Self.response))
        let reply = try await door.post(path, body)
        #expect(reply.status == 200)
        #expect(!reply.isReplayed)
        let prefix =
            #"{"success":true,"data":{"reservation_id":789,"ticket_code":"TKT-2025-ABC123-DEF456","#
            + #""slot":{"date":"2025-11-14","start_time":"12:00:00","end_time":"14:00:00"},"#
            + #""confirmation_sent":true,"qr_code":"data:image/png;base64,iVBORw0KGgo"#
        #expect(reply.text.hasPrefix(prefix))
        #expect(reply.text.hasSuffix(#"="}}"#) || reply.text.hasSuffix(#""}}"#))
        let request = try #require(door.ledger.requests.first as? CreateReservationRequest)
        #expect(request.orq == 1 && request.ticketID == 123 && request.slotID == 10 && request.ticketCode == nil)
        #expect(request.requestID == "request-1")
        #expect(request.customerEmail == "john@example.com" && request.customerPhone == "+12025551234")
        #expect(door.log.with("reservation.creation.started").first?.contains("slot_id=10 ticket_id=123") == true)
    }

    @Test("a request without a key gets one of the gateway's own, another each time, so that its repetitions are one reservation")
    func ownKey() async throws {
        let door = Doorstep(.answer(Self.response))
        _ = try await door.post(path, body)
        let first = try #require(key(door))
        _ = try await door.post(path, body)
        let second = try #require(key(door))
        #expect(first != second)
    }

    @Test("the caller's key is handed on, and a replay says so with the same body")
    func replay() async throws {
        let headers = [json, ("idempotency-key", "0b8f7a6e-2c2d-4d39-9a55-6f1c1e0f7d11")]
        let door = Doorstep(.answer(Self.response))
        let first = try await door.post(path, body, headers: headers)
        #expect(key(door) == 0x0b8f_7a6e_2c2d_4d39_9a55_6f1c_1e0f_7d11)
        let again = try await Doorstep(.answer(Self.response, replayed: true)).post(path, body, headers: headers)
        #expect(again.isReplayed)
        #expect(again.body == first.body)
        #expect(ReplyHeaders.list(again, id: "i", date: "d").contains { $0 == ("idempotency-replayed", "true") })
    }

    @Test("a key that cannot be one is INVALID_REQUEST", arguments: ["", "two words", "ä", String(repeating: "k", count: 256)])
    func badKey(value: String) async throws {
        let reply = try await Doorstep(.answer(Self.response)).post(path, body, headers: [json, ("idempotency-key", value)])
        #expect(reply.status == 400)
        #expect(reply.fields == ["Idempotency-Key"])
    }

    @Test("a full slot is 409 and always has alternatives, if only an empty list")
    func slotFull() async throws {
        let refusal = ErrorReply(
            message: "This time slot is full. Please select another time.",
            alternativeSlots: [
                AlternativeSlot(
                    slotID: 11, date: CalendarDate("2025-11-14")!, startTime: TimeOfDay("14:00:00")!, endTime: TimeOfDay("16:00:00")!,
                    totalCapacity: 200, bookedCount: 20)
            ])
        let reply = try await Doorstep(.refuse(.slotFull, refusal)).post(path, body)
        #expect(reply.status == 409)
        let alternatives =
            #""alternative_slots":[{"slot_id":11,"date":"2025-11-14","start_time":"14:00:00","end_time":"16:00:00","available_count":180}]"#
        #expect(
            reply.text
                == #"{"success":false,"error":{"code":"SLOT_FULL","message":"This time slot is full. Please select another time.",\#(alternatives)}}"#
        )
        let none = try await Doorstep(.refuse(.slotFull, ErrorReply(message: "m"))).post(path, body)
        #expect(none.error?["alternative_slots"] == .array([]))
    }

    @Test(
        "refusals have create's statuses",
        arguments: [
            (Status.slotNotFound, 404), (.ticketNotFound, 404), (.organizationNotFound, 404), (.slotClosed, 409),
            (.ticketAlreadyReserved, 409),
            (.ticketNotActivated, 409), (.ticketExpired, 409), (.ticketAlreadyUsed, 409), (.organizationMismatch, 403),
            (.idempotencyKeyReused, 422),
        ])
    func refusals(status: Status, http: Int) async throws {
        let reply = try await Doorstep(.refuse(status, ErrorReply(message: "m"))).post(path, body)
        #expect(reply.status == http)
        #expect(reply.error?["code"] == .string(status.name))
    }

    @Test("every field at fault is named: missing ones, wrong types, numbers that are no ids")
    func invalidRequest() async throws {
        let reply = try await Doorstep(.answer(Self.response)).post(
            path, #"{"ticket_id":0,"slot_id":1.5,"customer_email":{},"ticket_code":3}"#)
        #expect(reply.error?["code"] == .string("INVALID_REQUEST"))
        #expect(reply.fields == ["ticket_id", "slot_id", "customer_email", "customer_phone", "ticket_code"])
    }

    @Test("a bad contact is INVALID_CONTACT under create's own names, and is in the log by field only")
    func invalidContact() async throws {
        let door = Doorstep(.answer(Self.response))
        let reply = try await door.post(
            path, #"{"ticket_id":1,"slot_id":1,"customer_email":"john@","customer_phone":"+12025551234"}"#)
        #expect(reply.error?["code"] == .string("INVALID_CONTACT"))
        #expect(reply.fields == ["customer_email"])
        let line = try #require(door.log.with("reservation.creation.failed").first)
        #expect(line.contains("validation_errors=customer_email") && line.contains("ticket_id=") && line.contains("slot_id="))
        #expect(door.ledger.requests.isEmpty)
    }

    @Test("an international address is stored as it can be mailed")
    func internationalAddress() async throws {
        let door = Doorstep(.answer(Self.response))
        _ = try await door.post(path, #"{"ticket_id":1,"slot_id":1,"customer_email":"j@Bücher.de","customer_phone":"+12025551234"}"#)
        #expect((door.ledger.requests.first as? CreateReservationRequest)?.customerEmail == "j@xn--bcher-kva.de")
    }

    @Test("a reservation stands even when its QR code cannot be drawn")
    func noQRCode() async throws {
        var odd = Self.response
        odd.ticketCode = "not a code"
        let reply = try await Doorstep(.answer(odd)).post(path, body)
        #expect(reply.status == 200)
        #expect(reply.text.hasSuffix(#""qr_code":null}}"#))
    }

    @Test("the language of the confirmation is handed on; without one the daemon chooses", arguments: ["en", "de", "es", "fr", nil])
    func language(code: String?) async throws {
        let door = Doorstep(.answer(Self.response))
        let field = code.map { #","language":"\#($0)"}"# } ?? "}"
        #expect(try await door.post(path, String(body.dropLast()) + field).status == 200)
        #expect((door.ledger.requests.first as? CreateReservationRequest)?.language == code)
    }

    @Test("a language that the portal does not speak is INVALID_REQUEST", arguments: [#""it""#, #""DE""#, #""""#, "5"])
    func otherLanguage(value: String) async throws {
        let door = Doorstep(.answer(Self.response))
        let reply = try await door.post(path, String(body.dropLast()) + #","language":\#(value)}"#)
        #expect(reply.status == 400)
        #expect(reply.text.contains(#""code":"INVALID_REQUEST""#) && reply.text.contains(#""field":"language""#))
        #expect(reply.text.ranges(of: #""field""#).count == 1)
        #expect(door.ledger.requests.isEmpty)
    }
}
