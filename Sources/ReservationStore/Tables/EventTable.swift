import ReservationCore

/// Statements on `events`.
struct EventTable: ~Copyable {
    private let insertion: Statement
    private let reading: Statement
    private let bounds: Statement
    private let sweep: Statement
}

extension EventTable {
    /// Most events in one row: whoever reads a page unpacks no more than two rows for nothing.
    static let eventsPerRow = 256

    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        self.init(
            insertion: try Statement(
                "INSERT INTO events (last, first, at, body) VALUES (?1, ?2, ?3, ?4)", to: "keep events", on: connection),
            reading: try Statement(
                "SELECT last, first, at, body FROM events WHERE last > ?1 ORDER BY last", to: "read events", on: connection),
            bounds: try Statement(
                "SELECT (SELECT first FROM events ORDER BY last LIMIT 1), max(last) FROM events", to: "read events", on: connection),
            // The oldest rows only, whatever their number, and only up to the first that is to stay: where the clock was set back, a younger
            // row may bear an older time, and what is kept must have no gap. Never the last of all, which knows where positions go on.
            sweep: try Statement(
                """
                DELETE FROM events WHERE last IN (SELECT last FROM events ORDER BY last LIMIT ?2)
                    AND last < coalesce(
                        (SELECT min(last) FROM (SELECT last, at FROM events ORDER BY last LIMIT ?2) WHERE at >= ?1),
                        9007199254740992)
                    AND last < (SELECT max(last) FROM events)
                """, to: "forget old events", on: connection))
    }

    func readBounds() throws(StorageFailure) -> EventBounds {
        defer { bounds.reset() }
        guard try bounds.step(), !bounds.isNull(1) else { return .none }
        return EventBounds(oldest: bounds.int(0) - 1, newest: bounds.int(1))
    }

    /// - Parameter position: of the latest event before these.
    func append(_ events: [PortalEvent], behind position: Int64, at instant: Instant) throws(StorageFailure) {
        var done = 0
        while done < events.count {
            let part = events[done..<min(done + Self.eventsPerRow, events.count)]
            var body = PackedEvents(expecting: part.count)
            for event in part { body.append(event) }
            try insertion.bind(position + Int64(done + part.count), at: 1)
            try insertion.bind(position + Int64(done) + 1, at: 2)
            try insertion.bind(instant.seconds, at: 3)
            try insertion.bind(body.bytes, at: 4)
            try insertion.run()
            done += part.count
        }
    }

    /// Up to `limit` events behind `position`, in order.
    func read(behind position: Int64, limit: Int) throws(StorageFailure) -> [PlacedEvent] {
        defer { reading.reset() }
        try reading.bind(position, at: 1)
        var events: [PlacedEvent] = []
        while events.count < limit, try reading.step() {
            let (last, first, at) = (reading.int(0), reading.int(1), Instant(seconds: reading.int(2)))
            let unpacked = reading.withBytes(3) { PackedEvents.unpack($0) }
            guard let unpacked, Int64(unpacked.count) == last - first + 1 else { throw .unreadable("events", last) }
            for (offset, event) in unpacked.enumerated() where first + Int64(offset) > position && events.count < limit {
                events.append(PlacedEvent(position: first + Int64(offset), at: at, event: event))
            }
        }
        return events
    }

    /// The connection's count of changes tells how many rows went.
    func remove(before instant: Instant, limit: Int) throws(StorageFailure) {
        try sweep.bind(instant.seconds, at: 1)
        // A negative LIMIT would mean none.
        try sweep.bind(Int64(max(0, limit)), at: 2)
        try sweep.run()
    }
}

/// Events one behind the other: the number of the kind, then organisation, ticket, reservation, slot and previous slot, each as an
/// unsigned integer in groups of seven bits, the lowest first (LEB128); 0 is none.
struct PackedEvents {
    private(set) var bytes: [UInt8] = []

    init(expecting count: Int) {
        bytes.reserveCapacity(count * 20)
    }

    mutating func append(_ event: PortalEvent) {
        bytes.append(event.kind.rawValue)
        append(event.organization.rawValue)
        append(event.ticket?.rawValue ?? 0)
        append(event.reservation?.rawValue ?? 0)
        append(event.slot?.rawValue ?? 0)
        append(event.previousSlot?.rawValue ?? 0)
    }

    private mutating func append(_ number: Int64) {
        var rest = UInt64(bitPattern: number)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// - Returns: nil for bytes that are no packed events.
    static func unpack(_ bytes: UnsafeRawBufferPointer) -> [PortalEvent]? {
        var events: [PortalEvent] = []
        var rest = bytes[...]
        while let kind = rest.popFirst() {
            guard let kind = PortalEventKind(rawValue: kind), let orq = number(&rest).flatMap({ OrganizationID($0) }),
                let ticket = number(&rest), let reservation = number(&rest), let slot = number(&rest), let previous = number(&rest)
            else { return nil }
            events.append(
                PortalEvent(
                    kind, organization: orq, ticket: TicketID(ticket), reservation: ReservationID(reservation), slot: SlotID(slot),
                    previousSlot: SlotID(previous)))
        }
        return events
    }

    private static func number(_ bytes: inout Slice<UnsafeRawBufferPointer>) -> Int64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = bytes.popFirst(), shift < 63 {
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int64(bitPattern: value) }
            shift += 7
        }
        return nil
    }
}
