import NIOCore
import ReservationCore
import ReservationWire
import Testing

@testable import ReservationGateway

@Suite("GET /api/reservation-slots/available")
struct AvailableSlotsTests {
    private let path = "/api/reservation-slots/available"

    private func slot(_ id: UInt64, _ date: String, booked: UInt64, of capacity: UInt64, status: String = "ACTIVE") -> SlotMessage {
        SlotMessage(
            orq: 1, slotID: id, status: status, date: CalendarDate(date)!, startTime: TimeOfDay("12:00:00")!,
            endTime: TimeOfDay("14:00:00")!,
            startsAt: Instant(seconds: 0), totalCapacity: capacity, bookedCount: booked, createdAt: Instant(seconds: 1_761_984_000),
            updatedAt: Instant(seconds: 1_762_942_500))
    }

    @Test("a slot has exactly the fields of the contract, its moments in RFC 3339")
    func shape() async throws {
        let answer = AvailableSlotsResponse(
            month: "2025-11", timeZone: "Europe/Berlin", slots: [slot(10, "2025-11-14", booked: 150, of: 200)])
        let reply = try await Doorstep(.answer(answer)).get(path)
        #expect(reply.status == 200)
        let expected =
            #"{"success":true,"data":[{"id":10,"date":"2025-11-14","start_time":"12:00:00","end_time":"14:00:00","venue_id":null,"#
            + #""total_capacity":200,"booked_count":150,"available_count":50,"status":"ACTIVE","capacity_status":"LIMITED","orq":1,"#
            + #""created_at":"2025-11-01T08:00:00Z","updated_at":"2025-11-12T10:15:00Z"}],"#
            + #""metadata":{"month":"2025-11","total_slots":1,"unique_dates":1,"time_zone":"Europe/Berlin"}}"#
        #expect(reply.text == expected)
    }

    @Test("the metadata count slots and days; no slots are an empty array")
    func metadata() async throws {
        let slots = [
            slot(1, "2025-11-14", booked: 0, of: 2), slot(2, "2025-11-14", booked: 0, of: 2), slot(3, "2025-11-15", booked: 0, of: 2),
        ]
        let answer = AvailableSlotsResponse(month: "2025-11", timeZone: "Europe/Berlin", slots: slots)
        let parsed = try JSONValue.parse(try await Doorstep(.answer(answer)).get(path).body).object
        #expect(parsed?["metadata"]?.object?["total_slots"] == .integer(3))
        #expect(parsed?["metadata"]?.object?["unique_dates"] == .integer(2))
        let empty = try await Doorstep(.answer(AvailableSlotsResponse(month: "2025-11", timeZone: "UTC"))).get(path)
        #expect(empty.text.hasPrefix(#"{"success":true,"data":[],"#))
    }

    @Test(
        "the calendar's colour: FULL without a place, LIMITED above half, else AVAILABLE",
        arguments: [
            (0, 10, "ACTIVE", "AVAILABLE"), (5, 10, "ACTIVE", "AVAILABLE"), (6, 10, "ACTIVE", "LIMITED"), (9, 10, "ACTIVE", "LIMITED"),
            (10, 10, "FULL", "FULL"), (10, 10, "ACTIVE", "FULL"), (5, 10, "FULL", "FULL"), (1, 1, "FULL", "FULL"), (11, 10, "FULL", "FULL"),
            (1, 3, "ACTIVE", "AVAILABLE"), (2, 3, "ACTIVE", "LIMITED"),
        ] as [(UInt64, UInt64, String, String)])
    func capacityStatus(booked: UInt64, capacity: UInt64, status: String, expected: String) throws {
        let answer = AvailableSlotsResponse(
            month: "2025-11", timeZone: "UTC", slots: [slot(1, "2025-11-14", booked: booked, of: capacity, status: status)])
        let first = try JSONValue.parse(AvailableSlotsEndpoint.encode(answer)).object?["data"]?.array?.first?.object
        #expect(first?["capacity_status"] == .string(expected))
        #expect(first?["available_count"] == .integer(booked < capacity ? capacity - booked : 0))
    }

    @Test("month and date are handed on; without either the daemon takes the current month")
    func period() async throws {
        let door = Doorstep(.answer(AvailableSlotsResponse(month: "2025-11", timeZone: "UTC")))
        _ = try await door.get(path + "?month=2025-11")
        _ = try await door.get(path + "?date=2025-11-14&unknown=1")
        _ = try await door.get(path)
        #expect(
            door.ledger.requests as? [AvailableSlotsRequest] == [
                AvailableSlotsRequest(orq: 1, month: "2025-11"), AvailableSlotsRequest(orq: 1, date: CalendarDate("2025-11-14")),
                AvailableSlotsRequest(orq: 1),
            ])
    }

    @Test(
        "what is no month or no date, or both at once, is INVALID_REQUEST",
        arguments: [
            ("month=2025-13", "month"), ("month=", "month"), ("month=2025-1", "month"), ("month=November", "month"),
            ("date=2025-02-30", "date"),
            ("date=14.11.2025", "date"), ("month=2025-11&date=2025-11-14", "date"), ("month=2025-11&month=2025-12", "month"),
            ("date=2025-11-14&date=2025-11-14", "date"), ("month=%4025-11", "month"), ("month=2025-11%00", "month"),
        ])
    func invalidPeriod(query: String, field: String) async throws {
        let door = Doorstep(.answer(AvailableSlotsResponse(month: "2025-11", timeZone: "UTC")))
        let reply = try await door.get("\(path)?\(query)")
        #expect(reply.status == 400)
        #expect(reply.fields == [field])
        #expect(door.ledger.requests.isEmpty)
    }

    @Test("a calendar that does not fit one answer is INVALID_REQUEST, with the daemon's advice")
    func tooLarge() async throws {
        let reply = try await Doorstep(.refuse(.resultTooLarge, ErrorReply(Refusal.resultTooLarge))).get(path)
        #expect(reply.status == 400)
        #expect(reply.error?["code"] == .string("INVALID_REQUEST"))
        #expect(reply.error?["message"]?.string?.contains("single date") == true)
    }
}
