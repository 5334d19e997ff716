import NIOCore
import ReservationCore
import ReservationWire

/// `GET /api/reservation-slots/available?month=YYYY-MM` or `?date=YYYY-MM-DD`; this month when neither is given.
enum AvailableSlotsEndpoint {
    static func decode(_ target: RequestTarget, organization: OrganizationID) throws(PublicFailure) -> AvailableSlotsRequest {
        let months = target.values("month")
        let dates = target.values("date")
        guard months.count <= 1 else { throw .invalidRequest("month", "is given more than once") }
        guard dates.count <= 1 else { throw .invalidRequest("date", "is given more than once") }
        guard months.isEmpty || dates.isEmpty else { throw .invalidRequest("date", "cannot be given together with month") }
        var request = AvailableSlotsRequest(orq: UInt64(organization.rawValue))
        if let month = months.first {
            guard YearMonth(month) != nil else { throw .invalidRequest("month", "must be a month like 2025-11, years 2000 to 2199") }
            request.month = month
        }
        if let text = dates.first {
            guard let date = CalendarDate(text) else { throw .invalidRequest("date", "must be a date like 2025-11-14, years 2000 to 2199") }
            request.date = date
        }
        return request
    }

    /// Written without an intermediate form: a month has hundreds of slots, and the calendar is what is asked for most.
    static func encode(_ response: AvailableSlotsResponse) throws(PublicFailure) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(256 + response.slots.count * 340)
        buffer.writeStaticString("{\"success\":true,\"data\":")
        try write(response.slots, to: &buffer)
        buffer.writeStaticString(",\"metadata\":")
        var json = JSONWriter(appendingTo: &buffer)
        json.beginObject()
        json.key("month")
        json.string(response.month)
        json.key("total_slots")
        json.integer(response.slots.count)
        json.key("unique_dates")
        json.integer(days(of: response.slots))
        json.key("time_zone")
        json.string(response.timeZone)
        json.endObject()
        json.giveBack(&buffer)
        buffer.writeStaticString("}")
        return buffer
    }

    /// In order of start, so equal dates are neighbours.
    private static func days(of slots: [SlotMessage]) -> Int {
        var last: CalendarDate?
        return slots.reduce(0) { count, slot in
            defer { last = slot.date }
            return slot.date == last ? count : count + 1
        }
    }

    /// A JSON array.
    static func write(_ slots: [SlotMessage], to buffer: inout ByteBuffer) throws(PublicFailure) {
        buffer.writeStaticString("[")
        for (index, slot) in slots.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            try write(slot, to: &buffer)
        }
        buffer.writeStaticString("]")
    }

    private static func write(_ slot: SlotMessage, to buffer: inout ByteBuffer) throws(PublicFailure) {
        // Only our own words go between the quotes below, so nothing there needs escaping.
        guard let status = SlotStatus(rawValue: slot.status) else { throw .internal }
        let available = slot.totalCapacity > slot.bookedCount ? slot.totalCapacity - slot.bookedCount : 0
        buffer.writeStaticString("{\"id\":")
        buffer.writeString(String(slot.slotID))
        buffer.writeStaticString(",\"date\":\"")
        write(slot.date, to: &buffer)
        buffer.writeStaticString("\",\"start_time\":\"")
        write(slot.startTime, to: &buffer)
        buffer.writeStaticString("\",\"end_time\":\"")
        write(slot.endTime, to: &buffer)
        buffer.writeStaticString("\",\"venue_id\":null,\"total_capacity\":")
        buffer.writeString(String(slot.totalCapacity))
        buffer.writeStaticString(",\"booked_count\":")
        buffer.writeString(String(slot.bookedCount))
        buffer.writeStaticString(",\"available_count\":")
        buffer.writeString(String(available))
        buffer.writeStaticString(",\"status\":\"")
        buffer.writeString(status.rawValue)
        buffer.writeStaticString("\",\"capacity_status\":\"")
        buffer.writeString(capacityStatus(slot, status, available).rawValue)
        buffer.writeStaticString("\",\"orq\":")
        buffer.writeString(String(slot.orq))
        buffer.writeStaticString(",\"created_at\":\"")
        write(slot.createdAt, to: &buffer)
        buffer.writeStaticString("\",\"updated_at\":\"")
        write(slot.updatedAt, to: &buffer)
        buffer.writeStaticString("\"}")
    }

    private static func capacityStatus(_ slot: SlotMessage, _ status: SlotStatus, _ available: UInt64) -> CapacityStatus {
        if available == 0 || status == .full { return .full }
        return slot.bookedCount * 2 > slot.totalCapacity ? .limited : .available
    }

    private static func write(_ date: CalendarDate, to buffer: inout ByteBuffer) {
        date.withASCII { _ = buffer.writeBytes($0) }
    }

    private static func write(_ time: TimeOfDay, to buffer: inout ByteBuffer) {
        time.withASCII { _ = buffer.writeBytes($0) }
    }

    /// RFC 3339 in UTC.
    private static func write(_ instant: Instant, to buffer: inout ByteBuffer) {
        let day = Int(instant.seconds / 86_400)
        let rest = Int(instant.seconds % 86_400)
        guard instant.seconds >= 0, let date = CalendarDate(dayNumber: day),
            let time = TimeOfDay(hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60)
        else {
            buffer.writeString(instant.iso8601)
            return
        }
        write(date, to: &buffer)
        buffer.writeStaticString("T")
        write(time, to: &buffer)
        buffer.writeStaticString("Z")
    }
}
