import NIOCore
import NIOPosix
import ReservationWire
import Synchronization

/// Speaks to the reservation daemon over its socket: connects when first needed, keeps requests in flight side by side, connects again
/// when the daemon was restarted, and repeats a request where that cannot do harm.
///
/// Safe to use from any number of tasks at once. Close it when done.
package final class ReservationClient: Sendable {
    let configuration: ClientConfiguration
    private let eventLoopGroup: any EventLoopGroup
    private let surroundings: ClientSurroundings
    /// Those of ``watchSlots()`` and ``events(from:)`` that go on; nil once the client is closed.
    private let subscriptions = Mutex<[ObjectIdentifier: any Subscription]?>([:])
    let gauge: CallGauge
    let lanes: [Lane]
    private let calls = Atomic<UInt64>(0)

    package convenience init(
        _ configuration: ClientConfiguration, eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        self.init(configuration, eventLoopGroup: eventLoopGroup, surroundings: ClientSurroundings())
    }

    init(_ configuration: ClientConfiguration, eventLoopGroup: any EventLoopGroup, surroundings: ClientSurroundings) {
        let gauge = CallGauge(limit: configuration.maxPendingCalls)
        self.configuration = configuration
        self.eventLoopGroup = eventLoopGroup
        self.surroundings = surroundings
        self.gauge = gauge
        self.lanes = (0..<max(1, configuration.connections)).map { _ in
            Lane(configuration: configuration, gauge: gauge, loop: eventLoopGroup.next(), surroundings: surroundings)
        }
    }

    deinit {
        for lane in lanes { lane.close(nil) }
        for subscription in endSubscriptions() { subscription.stop()?.close(nil) }
    }

    /// How often a connection was made. Another number than before means that the daemon may know nothing of what was said earlier.
    package var connectionsMade: Int { gauge.connectionsMade }

    /// Asks the daemon for one operation and waits for its answer.
    ///
    /// A request that the daemon certainly did not carry out is sent again until the deadline. One whose fate is unknown, because the
    /// connection broke, is sent again when its operation can be repeated: reads, a create with an idempotency key, and what sets a
    /// state or a number (see `RepeatSafety`). OVERLOADED is tried again after the pause that the daemon asked for.
    ///
    /// When the calling task is cancelled, the daemon is told and the result is `.failed(.cancelled)`; a change that was asked for may
    /// be made all the same, as ``ClientError/mayHaveExecuted`` says.
    ///
    /// - Parameter deadline: for everything together, the connecting included; nil is the configuration's.
    package func call<O: Operation>(
        _ operation: O.Type, _ request: O.Request, deadline: Duration? = nil
    ) async -> CallResult<O.Response> {
        let ticket = nextTicket()
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(operation, request, deadline: deadline, ticket: ticket) { continuation.resume(returning: $0) }
                // A cancellation before this point was posted ahead of the call and found nothing to cancel.
                if Task.isCancelled { cancel(ticket) }
            }
        } onCancel: {
            cancel(ticket)
        }
        return result(outcome, of: operation)
    }

    /// ``call(_:_:deadline:)`` without a task, for callers that run on event loops themselves.
    ///
    /// - Parameters:
    ///   - ticket: names the call for ``cancel(_:)``, see ``nextTicket()``.
    ///   - completion: called once, on the lane's event loop or at once; must only hand over.
    func begin<O: Operation>(
        _ operation: O.Type, _ request: O.Request, deadline: Duration?, ticket: UInt64,
        completion: @escaping @Sendable (CallOutcome) -> Void
    ) {
        var payload = ByteBuffer()
        Payload.encode(request, as: configuration.encoding, into: &payload)
        guard payload.readableBytes <= WireLimits.maxPayloadBytes else {
            return completion(.failed(.requestTooLarge(bytes: payload.readableBytes)))
        }
        guard gauge.begin() else { return completion(.refused(.overloaded, .tooManyPending)) }
        let safety = RepeatSafety(of: O.opcode)
        let lane = lane(for: ticket)
        lane.call(
            CallOrder(
                ticket: ticket, opcode: O.opcode, payload: payload, deadline: end(in: deadline, on: lane),
                isRepeatable: safety.allowsRepeating(request), changesSomething: safety.changesSomething, completion: completion))
    }

    /// The caller no longer waits; harmless when the call has ended.
    func cancel(_ ticket: UInt64) {
        lane(for: ticket).cancel(ticket)
    }

    /// Asks whether the daemon's event loop is alive; says nothing about its database.
    package func ping(deadline: Duration? = nil) async throws(ClientError) {
        let ticket = nextTicket()
        let lane = lane(for: ticket)
        let end = end(in: deadline, on: lane)
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                lane.ping(id: ticket, deadline: end) { continuation.resume(returning: $0) }
                if Task.isCancelled { lane.cancel(ticket) }
            }
        } onCancel: {
            lane.cancel(ticket)
        }
        if let failure { throw failure.namingOwners(ofSocket: configuration.socketPath) }
    }

    /// Begins a subscription on a connection of its own.
    ///
    /// - Parameters:
    ///   - heard: called on that connection's event loop; must only hand over.
    ///   - ended: the client was closed, or nobody holds it any more.
    /// - Returns: nil when the client is closed.
    func watch(heard: @escaping @Sendable (SlotWatchEvent) -> Void, ended: @escaping @Sendable () -> Void) -> SlotWatch? {
        let watch = SlotWatch(configuration: configuration, generator: surroundings.generator, heard: heard, ended: ended)
        guard keep(watch) else { return nil }
        watch.start(on: lane(for: watch.listener))
        return watch
    }

    /// - Returns: nil when the client is closed.
    func follow(from origin: EventOrigin) -> EventFeed? {
        let feed = EventFeed(from: origin, configuration: configuration, generator: surroundings.generator)
        guard keep(feed) else { return nil }
        feed.start(on: lane(for: feed.listener))
        return feed
    }

    private func keep(_ subscription: any Subscription) -> Bool {
        subscriptions.withLock { subscriptions in
            subscriptions?[ObjectIdentifier(subscription)] = subscription
            return subscriptions != nil
        }
    }

    /// Its one question at a time takes no place from the callers.
    private func lane(for listener: ConnectionListener) -> Lane {
        Lane(
            configuration: configuration, gauge: CallGauge(limit: .max), loop: eventLoopGroup.next(), surroundings: surroundings,
            listener: listener)
    }

    /// Ends one subscription; nothing is heard of it any more.
    func end(_ subscription: any Subscription) {
        subscriptions.withLock { _ = $0?.removeValue(forKey: ObjectIdentifier(subscription)) }
        subscription.stop()?.close(nil)
    }

    private func endSubscriptions() -> [any Subscription] {
        subscriptions.withLock { subscriptions in
            defer { subscriptions = nil }
            return subscriptions.map { Array($0.values) } ?? []
        }
    }

    /// Ends the connections. Calls that have not ended fail with `.closed`, later ones too; subscriptions end.
    package func close() async {
        for lane in lanes + endSubscriptions().compactMap({ $0.stop() }) {
            await withCheckedContinuation { continuation in lane.close { continuation.resume() } }
        }
    }

    func nextTicket() -> UInt64 {
        calls.add(1, ordering: .relaxed).newValue
    }

    private func lane(for ticket: UInt64) -> Lane {
        lanes[Int(ticket % UInt64(lanes.count))]
    }

    private func end(in deadline: Duration?, on lane: Lane) -> NIODeadline {
        lane.loop.now + TimeAmount(clamping: deadline ?? configuration.defaultDeadline)
    }

    func result<O: Operation>(_ outcome: CallOutcome, of operation: O.Type) -> CallResult<O.Response> {
        switch outcome {
        case .response(let payload, let encoding, let replayed):
            do throws(PayloadError) {
                return .answered(try Payload.decode(O.Response.self, from: payload, as: encoding), replayed: replayed)
            } catch {
                var failure = ClientError.violation(
                    "unreadable answer to \(O.opcode.name): \(error.message)", socketPath: configuration.socketPath)
                failure.mayHaveExecuted = RepeatSafety(of: O.opcode).changesSomething
                return .failed(failure)
            }
        case .refused(let status, let reply):
            return .refused(status, reply)
        case .failed(let error):
            return .failed(error.namingOwners(ofSocket: configuration.socketPath))
        }
    }
}
