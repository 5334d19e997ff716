import NIOCore
import ReservationWire

/// `GET /api/reservation-slots/months`.
extension Gateway {
    func months(_ exchange: Exchange) async throws(PublicFailure) -> Reply {
        let request = SlotMonthsRequest(orq: UInt64(try choose(exchange).rawValue))
        return Reply(success: Self.encode(try await call(SlotMonths.self, request, exchange).response))
    }

    private static func encode(_ response: SlotMonthsResponse) -> ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.key("success")
        json.bool(true)
        json.key("data")
        json.beginArray()
        for month in response.months {
            json.beginObject()
            json.key("month")
            json.string(month.month)
            json.key("total_slots")
            json.integer(month.slotCount)
            json.key("available_count")
            json.integer(month.availableCount)
            json.endObject()
        }
        json.endArray()
        json.key("metadata")
        json.beginObject()
        json.key("time_zone")
        json.string(response.timeZone)
        json.key("today")
        json.string(response.date.description)
        json.endObject()
        json.endObject()
        return json.buffer
    }
}
