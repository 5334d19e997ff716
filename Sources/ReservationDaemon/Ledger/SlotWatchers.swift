import NIOCore
import ReservationCore
import Synchronization

/// Who wants to hear of slots that change. The ledger tells them after a commit, on its own thread: no hop, and next to nothing when
/// nobody watches.
final class SlotWatchers: Sendable {
    private let watchers = Mutex<[ObjectIdentifier: SlotWatcher]>([:])
    private let count = Atomic(0)

    /// Relaxed: a change that comes too soon to be told to a new watcher is in what the watcher reads afterwards, since that passes by the
    /// ledger as well.
    var isAnyWatching: Bool { count.load(ordering: .relaxed) > 0 }

    /// What is committed from here on is told.
    func add(_ watcher: SlotWatcher) {
        watchers.withLock { watchers in
            watchers[ObjectIdentifier(watcher)] = watcher
            count.store(watchers.count, ordering: .relaxed)
        }
    }

    func remove(_ watcher: SlotWatcher) {
        watchers.withLock { watchers in
            watchers[ObjectIdentifier(watcher)] = nil
            count.store(watchers.count, ordering: .relaxed)
        }
    }

    /// - Parameter slots: as a committed group has left them.
    func tell(_ slots: [Slot]) {
        let all = watchers.withLock { Array($0.values) }
        for watcher in all { watcher.note(slots) }
    }
}

/// Gathers for one connection what has changed until it is time to tell: of each slot the latest state, so what waits for a peer that
/// does not read is bounded by the number of slots.
final class SlotWatcher: Sendable {
    private struct State {
        var pending: [SlotID: Slot] = [:]
        /// The slots of `pending`, what has waited longest first: slots that change all the time keep no other from being told.
        var order = CircularBuffer<SlotID>()
        var isFlushDue = false
        var lastFlush: NIODeadline?
    }

    private let eventLoop: any EventLoop
    private let interval: TimeAmount
    private let flush: @Sendable (SlotWatcher) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - interval: least time between two flushes.
    ///   - flush: called on the loop when there is something to ``take(_:)``.
    init(eventLoop: any EventLoop, interval: TimeAmount, flush: @escaping @Sendable (SlotWatcher) -> Void) {
        self.eventLoop = eventLoop
        self.interval = interval
        self.flush = flush
    }

    /// From any thread.
    func note(_ slots: [Slot]) {
        let wait: TimeAmount? = state.withLock { state in
            for slot in slots where state.pending.updateValue(slot, forKey: slot.id) == nil { state.order.append(slot.id) }
            guard !state.isFlushDue, !state.pending.isEmpty else { return nil }
            state.isFlushDue = true
            return state.lastFlush.map { max(.zero, $0 + interval - eventLoop.now) } ?? .zero
        }
        if let wait { schedule(in: wait) }
    }

    /// What has waited longest; what is left is flushed after another interval.
    ///
    /// - Parameter limit: 0 where nothing can be told now.
    func take(_ limit: Int) -> [Slot] {
        let (slots, isMore) = state.withLock { state in
            var slots: [Slot] = []
            while slots.count < limit, let id = state.order.popFirst(), let slot = state.pending.removeValue(forKey: id) {
                slots.append(slot)
            }
            state.lastFlush = eventLoop.now
            state.isFlushDue = !state.pending.isEmpty
            return (slots, state.isFlushDue)
        }
        if isMore { schedule(in: interval) }
        return slots
    }

    private func schedule(in wait: TimeAmount) {
        eventLoop.scheduleTask(in: wait) { self.flush(self) }
    }
}
