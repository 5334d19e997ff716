import NIOCore
import ReservationCore
import Synchronization

/// The latest events in memory, for those who follow and are not behind. Whoever is behind reads from the store, so nothing is kept here
/// for anybody in particular, however slowly they read.
final class EventTail: Sendable {
    /// Most events that are kept here: some seconds of full load.
    static let capacity = 4_096

    private struct State {
        /// Position of the latest committed event, whether it is kept here or not.
        var end: Int64
        /// The latest events up to `end`, without a gap.
        var events = CircularBuffer<PlacedEvent>()
        var followers: [ObjectIdentifier: EventFollower] = [:]
    }

    /// What there is behind a position.
    enum Found {
        case nothing
        case events([PlacedEvent])
        /// They must be read from the store.
        case stored
    }

    private let state: Mutex<State>

    init(end: Int64) {
        state = Mutex(State(end: end))
    }

    var isAnyFollowing: Bool { state.withLock { !$0.followers.isEmpty } }

    func add(_ follower: EventFollower) {
        state.withLock { $0.followers[ObjectIdentifier(follower)] = follower }
    }

    func remove(_ follower: EventFollower) {
        state.withLock { state in
            state.followers[ObjectIdentifier(follower)] = nil
            if state.followers.isEmpty { state.events.removeAll() }
        }
    }

    /// Called by the ledger after each commit that made something happen.
    func append(_ events: [PortalEvent], at instant: Instant) {
        let followers: [EventFollower] = state.withLock { state in
            guard !state.followers.isEmpty else {
                state.end += Int64(events.count)
                return []
            }
            for event in events {
                state.end += 1
                state.events.append(PlacedEvent(position: state.end, at: instant, event: event))
            }
            if state.events.count > Self.capacity { state.events.removeFirst(state.events.count - Self.capacity) }
            return Array(state.followers.values)
        }
        for follower in followers { follower.wake() }
    }

    func events(behind position: Int64, limit: Int) -> Found {
        state.withLock { state in
            guard position < state.end else { return .nothing }
            guard let first = state.events.first, first.position <= position + 1 else { return .stored }
            return .events(Array(state.events.dropFirst(Int(position + 1 - first.position)).prefix(limit)))
        }
    }
}

/// One connection that follows the events: woken after a commit, once until it has looked.
final class EventFollower: Sendable {
    private let eventLoop: any EventLoop
    private let look: @Sendable () -> Void
    private let isWoken = Atomic(false)

    /// - Parameter look: called on the loop when there may be something new.
    init(eventLoop: any EventLoop, look: @escaping @Sendable () -> Void) {
        self.eventLoop = eventLoop
        self.look = look
    }

    /// From any thread.
    func wake() {
        guard !isWoken.exchange(true, ordering: .acquiringAndReleasing) else { return }
        eventLoop.execute {
            self.isWoken.store(false, ordering: .releasing)
            self.look()
        }
    }
}
