import NIOCore
import ReservationWire
import Synchronization

/// What a watcher of slots hears.
package enum SlotWatchEvent: Sendable {
    /// Subscribed, anew: whatever was known before may be out of date. Who reads the calendar after this misses nothing.
    case began
    /// Slots as they now are.
    case changed([SlotMessage])
    /// The connection is lost; the next ``began`` comes by itself when the daemon is there again.
    case interrupted
}

/// A subscription to changed slots across all reconnects, on a connection of its own.
///
/// All but its start and its end happens on the lane's event loop, so a change can never come before the beginning that it belongs to.
final class SlotWatch: Sendable {
    /// Longer than a restart of the daemon takes; when it is over the same is asked again.
    private static let patience = TimeAmount.seconds(60)
    /// After a refusal.
    private static let pause = TimeAmount.seconds(1)

    private struct State {
        var lane: Lane?
        var ticket: UInt64 = 0
        /// A connection on which the daemon has said that it will tell.
        var isOn = false
        var isStopped = false
        var generator: any RandomNumberGenerator & Sendable
    }

    private let heard: @Sendable (SlotWatchEvent) -> Void
    private let ended: @Sendable () -> Void
    private let encoding: Encoding
    private let spread: TimeAmount
    private let state: Mutex<State>

    /// - Parameters:
    ///   - generator: spreads the pauses of watchers that would otherwise come all at once.
    ///   - heard: called on the lane's event loop.
    ///   - ended: called once, by ``stop()``.
    init(
        configuration: ClientConfiguration, generator: any RandomNumberGenerator & Sendable,
        heard: @escaping @Sendable (SlotWatchEvent) -> Void, ended: @escaping @Sendable () -> Void
    ) {
        self.encoding = configuration.encoding
        self.spread = TimeAmount(clamping: configuration.connectBackoff.upperBound)
        self.heard = heard
        self.ended = ended
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

    /// One question at a time: the next is asked when this one has failed, or when the connection it succeeded on is gone.
    private func ask() {
        let (lane, ticket) = state.withLock { state in
            state.ticket += 1
            return (state.lane, state.ticket)
        }
        guard let lane else { return }
        var payload = ByteBuffer()
        Payload.encode(WatchSlotsRequest(), as: encoding, into: &payload)
        lane.call(
            CallOrder(
                ticket: ticket, opcode: .slotsWatch, payload: payload, deadline: lane.loop.now + Self.patience, isRepeatable: true,
                changesSomething: false, completion: { [weak self] in self?.answered($0) }))
    }

    /// A daemon that comes back meets all its watchers at once, and one that fails each time it is asked must not be asked without end.
    private func ask(after pause: TimeAmount) {
        let (lane, wait) = state.withLock { state in
            (state.lane, pause + .nanoseconds(Int64.random(in: 0...spread.nanoseconds, using: &state.generator)))
        }
        lane?.loop.scheduleTask(in: wait) { [weak self] in self?.ask() }
    }

    private func answered(_ outcome: CallOutcome) {
        guard case .response = outcome else { return ask(after: Self.pause) }
        state.withLock { $0.isOn = true }
        heard(.began)
    }

    private func hear(_ frame: Frame) -> Bool {
        guard let changed = try? Payload.decode(SlotsChanged.self, from: frame.payload, as: frame.header.encoding) else { return false }
        heard(.changed(changed.slots))
        return true
    }

    private func connectionEnded() {
        let wasOn = state.withLock { state in
            defer { state.isOn = false }
            return state.isOn && !state.isStopped
        }
        guard wasOn else { return }
        heard(.interrupted)
        ask(after: .zero)
    }
}

extension SlotWatch: Subscription {
    func stop() -> Lane? {
        let (isFirst, lane) = state.withLock { state in
            defer { (state.isStopped, state.lane) = (true, nil) }
            return (!state.isStopped, state.lane)
        }
        if isFirst { ended() }
        return lane
    }
}

extension ReservationClient {
    /// Tells of slots that change, from the first ``SlotWatchEvent/began`` on. The stream ends when the client is closed or released; who
    /// drops it, or whose task is cancelled, ends the subscription.
    package func watchSlots() -> AsyncStream<SlotWatchEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: SlotWatchEvent.self)
        guard let watch = watch(heard: { continuation.yield($0) }, ended: { continuation.finish() }) else {
            continuation.finish()
            return stream
        }
        // Weak: a stream that somebody waits on must not keep a client that nobody else holds.
        continuation.onTermination = { [weak self] _ in self?.end(watch) }
        return stream
    }
}
