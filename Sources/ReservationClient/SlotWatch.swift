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
/// Everything but `start` and `stop` happens on the lane's event loop, so a change can never come before the beginning that it belongs to.
final class SlotWatch: Sendable {
    /// Longer than a restart of the daemon takes; when it is over the same is asked again.
    private static let patience = TimeAmount.seconds(60)
    /// After a refusal, or an answer that makes no sense.
    private static let pause = TimeAmount.seconds(1)

    private struct State {
        var lane: Lane?
        var ticket: UInt64 = 0
        /// A connection on which the daemon has said that it will tell.
        var isOn = false
        /// It was asked and has not answered.
        var isAsking = false
        var isStopped = false
    }

    private let heard: @Sendable (SlotWatchEvent) -> Void
    private let encoding: Encoding
    private let state = Mutex(State())

    init(encoding: Encoding, heard: @escaping @Sendable (SlotWatchEvent) -> Void) {
        self.encoding = encoding
        self.heard = heard
    }

    var listener: ConnectionListener {
        ConnectionListener(event: { [weak self] in self?.hear($0) }, ended: { [weak self] in self?.connectionEnded() })
    }

    /// - Parameter lane: made with ``listener``.
    func start(on lane: Lane) {
        state.withLock { $0.lane = lane }
        ask()
    }

    func stop() {
        let lane = state.withLock { state in
            state.isStopped = true
            defer { state.lane = nil }
            return state.lane
        }
        lane?.close(nil)
    }

    private func ask() {
        let (lane, ticket) = state.withLock { state -> (Lane?, UInt64) in
            guard !state.isStopped, !state.isAsking, !state.isOn else { return (nil, 0) }
            state.isAsking = true
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

    private func answered(_ outcome: CallOutcome) {
        let isOn = if case .response = outcome { true } else { false }
        let lane = state.withLock { state in
            state.isAsking = false
            state.isOn = isOn
            return state.lane
        }
        if isOn {
            heard(.began)
        } else {
            lane?.loop.scheduleTask(in: Self.pause) { [weak self] in self?.ask() }
        }
    }

    private func hear(_ frame: Frame) {
        guard let changed = try? Payload.decode(SlotsChanged.self, from: frame.payload, as: frame.header.encoding) else { return }
        heard(.changed(changed.slots))
    }

    private func connectionEnded() {
        let wasOn = state.withLock { state in
            defer { state.isOn = false }
            return state.isOn
        }
        guard wasOn else { return }
        heard(.interrupted)
        ask()
    }
}

extension ReservationClient {
    /// Tells of slots that change, from the first ``SlotWatchEvent/began`` on, until the stream is dropped or the client closed.
    package func watchSlots() -> AsyncStream<SlotWatchEvent> {
        let (stream, continuation) = AsyncStream.makeStream(of: SlotWatchEvent.self)
        let watch = SlotWatch(encoding: configuration.encoding) { continuation.yield($0) }
        guard let lane = watchLane(watch.listener) else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { _ in
            watch.stop()
            self.forgetWatchLane(lane)
        }
        watch.start(on: lane)
        return stream
    }
}
