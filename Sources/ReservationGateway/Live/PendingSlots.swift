import NIOCore
import ReservationWire

/// What has changed about a month's slots and has not been told: of each the latest state, in the order of waiting, so that slots which change
/// all the time keep no other from being told.
struct PendingSlots {
    private var latest: [UInt64: SlotMessage] = [:]
    private var order = CircularBuffer<UInt64>()

    var isEmpty: Bool { latest.isEmpty }

    /// A slot that waits already keeps its place.
    mutating func note(_ slot: SlotMessage) {
        if latest.updateValue(slot, forKey: slot.slotID) == nil { order.append(slot.slotID) }
    }

    /// Those that have waited longest.
    mutating func take(_ limit: Int) -> [SlotMessage] {
        var slots: [SlotMessage] = []
        while slots.count < limit, let id = order.popFirst(), let slot = latest.removeValue(forKey: id) { slots.append(slot) }
        return slots
    }
}
