import Logging
import NIOCore
import ReservationClient
import ReservationLog
import ReservationWire
import Synchronization

extension EventName {
    static let liveBegan: EventName = "live.began"
    static let liveInterrupted: EventName = "live.interrupted"
}

/// Hands what the daemon tells of changed slots to the open pages: one subscription at the daemon, one piece of text for all pages of a
/// month, and no question of anybody's.
///
/// Changes are gathered, so that a page is written to at most once in an interval however many book, and hears only the latest state.
package final class SlotBroadcast: Sendable {
    /// Between two writes to a page. People do not read faster.
    static let interval = TimeAmount.seconds(1)
    /// Slots in one piece; further ones wait for the next. Bounds what a venue with thousands of slots a month costs each page.
    static let slotsAtOnce = 100

    private struct State {
        /// Open pages, by what they listen to.
        var pages: [SlotTopic: Int] = [:]
        var seats = 0
        /// The latest state of what has changed and has not been told.
        var pending: [SlotTopic: PendingSlots] = [:]
        var lastFlush: NIODeadline?
        var isFlushDue = false
    }

    private let limit: Int
    private let audiences: SlotAudiences
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameter limit: open pages at once.
    init(limit: Int, group: any EventLoopGroup, logger: Logger) {
        self.limit = limit
        self.audiences = SlotAudiences(group)
        self.logger = logger
    }

    // MARK: pages

    /// - Returns: nil when there are too many open pages.
    func takeSeat(_ topic: SlotTopic) -> EventSeat? {
        let isFree = state.withLock { state in
            guard state.seats < limit else { return false }
            state.seats += 1
            state.pages[topic, default: 0] += 1
            return true
        }
        return isFree ? EventSeat(topic: topic, broadcast: self) : nil
    }

    func leave(_ topic: SlotTopic) {
        state.withLock { state in
            state.seats -= 1
            guard let left = state.pages[topic].map({ $0 - 1 }) else { return }
            state.pages[topic] = left > 0 ? left : nil
            if left <= 0 { state.pending[topic] = nil }
        }
    }

    /// Open pages now.
    var seats: Int { state.withLock { $0.seats } }

    /// To be called on the loop of the connection.
    func audience(on loop: any EventLoop) -> SlotAudience { audiences.audience(on: loop) }

    /// Ends all streams; browsers connect again, to another gateway or a later one.
    func close() {
        audiences.onEachLoop { $0.close() }
    }

    // MARK: changes

    /// Listens to the daemon until the stream ends.
    func run(_ changes: AsyncStream<SlotWatchEvent>) async {
        for await event in changes {
            switch event {
            case .began:
                logger.record(.debug, .liveBegan)
                // Whatever happened before is unknown to us, and so to the pages.
                audiences.onEachLoop { $0.tellAll(ServerSentEvents.refresh) }
            case .changed(let slots): note(slots)
            case .interrupted: logger.record(.info, .liveInterrupted)
            }
        }
    }

    private func note(_ slots: [SlotMessage]) {
        let now = NIODeadline.now()
        let wait: TimeAmount? = state.withLock { state in
            for slot in slots {
                let topic = SlotTopic(slot)
                if state.pages[topic] != nil { state.pending[topic, default: PendingSlots()].note(slot) }
            }
            guard !state.pending.isEmpty, !state.isFlushDue else { return nil }
            state.isFlushDue = true
            guard let lastFlush = state.lastFlush else { return .zero }
            return max(.zero, lastFlush + Self.interval - now)
        }
        if let wait { schedule(in: wait) }
    }

    private func schedule(in wait: TimeAmount) {
        audiences.anyLoop.scheduleTask(in: wait) { self.flush() }
    }

    private func flush() {
        let (pieces, isMore) = state.withLock { state in
            var pieces: [(SlotTopic, [SlotMessage])] = []
            for topic in Array(state.pending.keys) {
                pieces.append((topic, state.pending[topic]?.take(Self.slotsAtOnce) ?? []))
                if state.pending[topic]?.isEmpty ?? true { state.pending[topic] = nil }
            }
            state.lastFlush = .now()
            state.isFlushDue = !state.pending.isEmpty
            return (pieces, state.isFlushDue)
        }
        for (topic, slots) in pieces {
            // A state that we do not know cannot be told; the page then asks.
            let event = (try? ServerSentEvents.slots(slots)) ?? ServerSentEvents.refresh
            audiences.onEachLoop { $0.tell(event, topic) }
        }
        if isMore { schedule(in: Self.interval) }
    }
}
