import NIOCore
import ReservationWire
import Synchronization

/// Where one begins to follow what happens.
package enum EventOrigin: Hashable, Sendable {
    /// With what happens from now on.
    case now
    /// With the oldest event that the daemon keeps.
    case oldest
    /// Behind the event of this position; 0 is before the first of all.
    case behind(UInt64)
}

/// What one who follows hears.
package enum EventFeedItem: Equatable, Sendable {
    /// Said once, before any event: whoever comes again with this position misses nothing.
    case begun(position: UInt64)
    /// One position behind the one before, over all reconnects.
    case event(EventMessage)
}

/// Why no more events come.
package enum EventFeedError: Error, Equatable, Sendable {
    /// What comes next is not kept any more, or has never been: the reader has missed something and must read the present state.
    case positionLost(Status, ErrorReply)
    /// The daemon does not let this socket follow, or knows no events.
    case refused(Status, ErrorReply)
}

/// A subscription to what happens across all reconnects, on a connection of its own.
///
/// What waits for the reader is bounded: when it is too much, the connection is let go, and taken up again behind the last event that
/// waits as soon as the reader has caught up; the daemon keeps the rest meanwhile. All but the reading, the start and the end happens on
/// the lane's event loop.
final class EventFeed: Sendable {
    /// Longer than a restart of the daemon takes; when it is over the same is asked again.
    private static let patience = TimeAmount.seconds(60)
    /// After a refusal that passes.
    private static let pause = TimeAmount.seconds(1)
    /// Events that wait for the reader before no more are taken.
    static let capacity = 4_096

    private typealias Waiter = CheckedContinuation<EventFeedItem?, any Error>

    private struct State {
        var lane: Lane?
        var ticket: UInt64 = 0
        /// Of the last event that came; nil before the first answer.
        var position: UInt64?
        var waiting = CircularBuffer<EventFeedItem>()
        var waiter: Waiter?
        /// A connection on which the daemon has said that it will tell.
        var isOn = false
        /// Too much waits for the reader; nobody has been asked since.
        var isFull = false
        var isStopped = false
        var failure: EventFeedError?
        var generator: any RandomNumberGenerator & Sendable
    }

    private let origin: EventOrigin
    private let encoding: Encoding
    private let spread: TimeAmount
    private let state: Mutex<State>

    /// - Parameter generator: spreads the pauses of followers that would otherwise come all at once.
    init(from origin: EventOrigin, configuration: ClientConfiguration, generator: any RandomNumberGenerator & Sendable) {
        self.origin = origin
        self.encoding = configuration.encoding
        self.spread = TimeAmount(clamping: configuration.connectBackoff.upperBound)
        self.state = Mutex(State(generator: generator))
    }

    var listener: ConnectionListener {
        ConnectionListener(event: { [weak self] in self?.hear($0) ?? true }, ended: { [weak self] in self?.connectionEnded() })
    }

    /// - Parameter lane: made with ``listener``.
    func start(on lane: Lane) {
        let isStopped = state.withLock { state in
            state.lane = lane
            return state.isStopped
        }
        if isStopped { lane.close(nil) } else { ask() }
    }

    // MARK: the reader

    /// - Returns: nil once the feed has ended, or the reading task is cancelled.
    /// - Throws: ``EventFeedError``.
    func next() async throws -> EventFeedItem? {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let isCancelled = Task.isCancelled
                let goesOn = state.withLock { state -> Bool in
                    if let item = state.waiting.popFirst() {
                        waiter.resume(returning: item)
                        guard state.isFull, state.waiting.count < Self.capacity / 2 else { return false }
                        state.isFull = false
                        return true
                    }
                    if let failure = state.failure {
                        waiter.resume(throwing: failure)
                    } else if state.isStopped || isCancelled || state.waiter != nil {
                        waiter.resume(returning: nil)
                    } else {
                        state.waiter = waiter
                    }
                    return false
                }
                if goesOn { ask() }
            }
        } onCancel: {
            state.withLock { state in
                state.waiter?.resume(returning: nil)
                state.waiter = nil
            }
        }
    }

    private static func give(_ item: EventFeedItem, to state: inout State) {
        guard let waiter = state.waiter else { return state.waiting.append(item) }
        state.waiter = nil
        waiter.resume(returning: item)
    }

    private func fail(_ error: EventFeedError) {
        state.withLock { state in
            state.failure = error
            state.waiter?.resume(throwing: error)
            state.waiter = nil
        }
    }

    // MARK: the daemon

    /// One question at a time: the next is asked when this one has failed, or when the connection it succeeded on is gone.
    private func ask() {
        let (lane, ticket, position) = state.withLock { state in
            state.ticket += 1
            return (state.lane, state.ticket, state.position)
        }
        guard let lane else { return }
        var request = SubscribeToEventsRequest()
        switch (position, origin) {
        case (let position?, _), (nil, .behind(let position)): request.position = position
        case (nil, .oldest): request.oldest = true
        case (nil, .now): break
        }
        var payload = ByteBuffer()
        Payload.encode(request, as: encoding, into: &payload)
        lane.call(
            CallOrder(
                ticket: ticket, opcode: .eventsSubscribe, payload: payload, deadline: lane.loop.now + Self.patience, isRepeatable: true,
                changesSomething: false, completion: { [weak self] in self?.answered($0) }))
    }

    private func ask(after pause: TimeAmount) {
        let (lane, wait) = state.withLock { state in
            (state.lane, pause + .nanoseconds(Int64.random(in: 0...spread.nanoseconds, using: &state.generator)))
        }
        lane?.loop.scheduleTask(in: wait) { [weak self] in self?.ask() }
    }

    private func answered(_ outcome: CallOutcome) {
        switch outcome {
        case .response(let payload, let encoding, _):
            guard let response = try? Payload.decode(SubscribeToEventsResponse.self, from: payload, as: encoding) else {
                return ask(after: Self.pause)
            }
            state.withLock { state in
                state.isOn = true
                guard state.position == nil else { return }
                state.position = response.position
                Self.give(.begun(position: response.position), to: &state)
            }
        case .refused(let status, let reply):
            switch status.statusClass {
            case .overloaded, .outcomeUnknown, .internal: ask(after: Self.pause)
            case .conflict: fail(.positionLost(status, reply))
            default: fail(.refused(status, reply))
            }
        case .failed: ask(after: Self.pause)
        }
    }

    private func hear(_ frame: Frame) -> Bool {
        guard let happened = try? Payload.decode(EventsHappened.self, from: frame.payload, as: frame.header.encoding) else { return false }
        return state.withLock { state in
            guard !state.isFull, let position = state.position else { return false }
            var last = position
            for event in happened.events {
                guard event.position == last + 1 else { return false }
                last = event.position
            }
            guard state.waiting.count + happened.events.count <= Self.capacity else {
                state.isFull = true
                return false
            }
            for event in happened.events { Self.give(.event(event), to: &state) }
            state.position = last
            return true
        }
    }

    private func connectionEnded() {
        let asksAgain = state.withLock { state in
            defer { state.isOn = false }
            return state.isOn && !state.isStopped && !state.isFull
        }
        if asksAgain { ask(after: .zero) }
    }
}

extension EventFeed: Subscription {
    func stop() -> Lane? {
        state.withLock { state in
            defer { (state.isStopped, state.lane) = (true, nil) }
            state.waiter?.resume(returning: nil)
            state.waiter = nil
            return state.lane
        }
    }
}

extension ReservationClient {
    /// Tells of what happens, in order, over restarts of the daemon: nothing is missed and nothing comes twice. Ends when the client is
    /// closed or released, throws ``EventFeedError`` when what comes next cannot be had any more; who drops the sequence, or whose task is
    /// cancelled, ends the subscription.
    ///
    /// For one reader. Who stores the position of the last event together with what was made of it can be killed at any moment and go on
    /// from there.
    package func events(from origin: EventOrigin) -> AsyncThrowingStream<EventFeedItem, any Error> {
        guard let feed = follow(from: origin) else { return AsyncThrowingStream { $0.finish() } }
        let hold = EventFeedHold(feed: feed, client: self)
        return AsyncThrowingStream { try await hold.feed.next() }
    }
}

/// Lives as long as the sequence, and ends the subscription with it.
private final class EventFeedHold: Sendable {
    let feed: EventFeed
    // Weak: a sequence that somebody waits on must not keep a client that nobody else holds.
    private let end: @Sendable (EventFeed) -> Void

    init(feed: EventFeed, client: ReservationClient) {
        self.feed = feed
        end = { [weak client] feed in client?.end(feed) }
    }

    deinit { end(feed) }
}
