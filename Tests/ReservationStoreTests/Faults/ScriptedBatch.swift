import ReservationCore

@testable import ReservationStore

/// One batch of the scripted run. What it leaves can be told from what every other one leaves.
struct ScriptedBatch: Sendable {
    let number: Int
    /// Each with an idempotency key that is the ticket's number.
    var bookings: [(ticket: Int64, slot: Int64)] = []
    var issued: ClosedRange<Int64>?
    var resized: (slot: Int64, capacity: Int)?
    var closed: Int64?
    /// A slot at this hour.
    var made: Int?
    var organization: Int64?
    var sweeps = false

    /// What a store holds of a batch.
    enum Presence: Sendable {
        case all, nothing, part
    }

    /// Writes it all, with the counters kept as the ledger keeps them.
    func write(to store: SQLiteReservationStore, _ slots: inout [SlotID: Slot]) throws(StorageFailure) {
        var touched: [SlotID] = []
        if let organization { _ = try store.insert(Samples.organization(organization)) }
        if let issued {
            for number in issued { _ = try store.insert(Samples.ticket(number)) }
        }
        for booking in bookings {
            let request = Samples.request(ticket: booking.ticket, slot: booking.slot)
            _ = try store.recordReservation(request, now: Samples.now)
            slots[request.slot] = slots[request.slot].map { BookingRules.booking($0, now: Samples.now) }
            touched.append(request.slot)
            try store.insert(
                Self.record(of: booking.ticket), under: Samples.key(UInt128(booking.ticket)), now: Samples.now)
        }
        if let resized, let id = SlotID(resized.slot) {
            slots[id] = slots[id].flatMap { BookingRules.resizing($0, to: resized.capacity, now: Samples.now) }
            touched.append(id)
        }
        if let closed, let id = SlotID(closed) {
            slots[id] = slots[id].map { BookingRules.setting($0, open: false, now: Samples.now) }
            touched.append(id)
        }
        if let made { _ = try store.insertSlot(Samples.draft(hour: made), now: Samples.now) }
        if sweeps { _ = try store.removeIdempotencyRecords(before: Samples.now, limit: 100) }
        for id in touched {
            if let slot = slots[id] { try store.update(slot) }
        }
    }

    /// Looks at every row that it writes.
    func presence(in store: SQLiteReservationStore, _ slots: [Slot]) throws -> Presence {
        var found: [Bool] = []
        if let organization { found.append(try store.loadOrganizations().contains { $0.id.rawValue == organization }) }
        if let issued {
            for number in issued { found.append(try store.ticket(Samples.ticket(number).id) != nil) }
        }
        for booking in bookings {
            let id = Samples.ticket(booking.ticket).id
            found.append(try store.liveReservation(of: id)?.slot.rawValue == booking.slot)
            found.append(try store.ticket(id)?.status == .reserved)
            found.append(try store.idempotencyRecord(Samples.key(UInt128(booking.ticket))) == Self.record(of: booking.ticket))
        }
        if let resized { found.append(slots.contains { $0.id.rawValue == resized.slot && $0.totalCapacity == resized.capacity }) }
        if let closed { found.append(slots.contains { $0.id.rawValue == closed && $0.status == .closed }) }
        if let made { found.append(slots.contains { $0.startTime == TimeOfDay(hour: made, minute: 0) }) }
        if sweeps {
            for key in BookingScript.oldKeys { found.append(try store.idempotencyRecord(Samples.key(key)) == nil) }
        }
        return found.allSatisfy { $0 } ? .all : found.contains(true) ? .part : .nothing
    }

    static func record(of ticket: Int64) -> IdempotencyRecord {
        IdempotencyRecord(fingerprint: UInt128(ticket), reply: Array("reply \(ticket)".utf8))
    }
}
