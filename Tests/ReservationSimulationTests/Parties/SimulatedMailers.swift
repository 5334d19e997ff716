import NIOCore
import ReservationWire
import SeededRandom

@testable import ReservationClient

/// Two mailers that lease from the same outbox as the specification says (section 21): they wait, send, report, lose what they hold when
/// they die, and never know what the other does. Belongs to its world, see ``World`` for why it may be called Sendable.
final class SimulatedMailers: @unchecked Sendable {
    private let world: World
    private let weakness: MailerWeakness?
    let clients: [ReservationClient]
    private var unclosedLanes = 0
    private var busy = 0
    private var isStopping = false
    /// Nothing goes wrong with them any more either.
    private var isHealed = false

    /// Until when, at the earliest, nobody else may have a message: the lease began after it was asked for.
    private var held: [UInt64: (lease: UInt64, until: NIODeadline)] = [:]
    private var sent: [UInt64: Int] = [:]
    private var violations: [String] = []
    private(set) var leases = 0
    private(set) var lapses = 0
    private(set) var retries = 0
    private(set) var lateReports = 0

    private static let leaseMilliseconds: UInt64 = 1_000

    init(world: World, network: Network, weakness: MailerWeakness?) {
        self.world = world
        self.weakness = weakness
        clients = (0..<2).map { index in
            ReservationClient(
                ClientConfiguration(
                    socketPath: "service.sock", name: "mailer-\(index)", encoding: world.random.isOne(in: 2) ? .tlv : .json,
                    helloPatience: .seconds(5)),
                eventLoopGroup: SimulatedEventLoop(world: world),
                surroundings: ClientSurroundings(
                    connector: SimulatedConnector(network: network, role: .service), generator: SeededGenerator(seed: world.random.next())))
        }
    }

    /// How often messages were sent beyond the first time.
    var duplicates: Int { sent.values.reduce(0) { $0 + $1 - 1 } }

    func begin() {
        for index in clients.indices { pause(index, upTo: 100_000) }
    }

    func heal() { isHealed = true }

    // MARK: one mailer

    private func pause(_ mailer: Int, upTo microseconds: Int) {
        world.plan(at: world.now + .microseconds(Int64(world.random.draw(0...microseconds)))) { [weak self] in self?.lease(mailer) }
    }

    private func lease(_ mailer: Int) {
        guard !isStopping else { return }
        let request = LeaseDeliveriesRequest(
            limit: UInt64(world.random.draw(1...3)), leaseMilliseconds: Self.leaseMilliseconds,
            waitMilliseconds: UInt64(world.random.pick([0, 50, 400, 2_000])))
        let asked = world.now
        ask(LeaseDeliveries.self, request, mailer) { [weak self] outcome in
            guard let self else { return }
            guard case .response(let payload, let encoding, _) = outcome,
                let answer = try? Payload.decode(LeaseDeliveriesResponse.self, from: payload, as: encoding)
            else { return pause(mailer, upTo: 200_000) }
            world.note(.leased, mailer, answer.deliveries.count)
            for delivery in answer.deliveries { take(delivery, asked: asked) }
            work(mailer, answer.deliveries[...])
        }
    }

    private func take(_ delivery: DeliveryMessage, asked: NIODeadline) {
        leases += 1
        if let other = held[delivery.outboxID] {
            // An answer may be so late that its lease has passed to the other already.
            guard delivery.leaseID >= other.lease else { return }
            if other.until > world.now { violations.append("message \(delivery.outboxID) is held by two") }
        }
        held[delivery.outboxID] = (delivery.leaseID, asked + .milliseconds(Int64(Self.leaseMilliseconds)))
    }

    private func work(_ mailer: Int, _ deliveries: ArraySlice<DeliveryMessage>) {
        guard let delivery = deliveries.first else { return pause(mailer, upTo: 20_000) }
        let rest = deliveries.dropFirst()
        // Sending takes its time, now and then longer than the lease.
        let time = world.random.isOne(in: 12) ? 4_000_000 : 30_000
        busy += 1
        world.plan(at: world.now + .microseconds(Int64(world.random.draw(0...time)))) { [weak self] in
            guard let self else { return }
            busy -= 1
            guard isHealed || !world.random.isOne(in: 10) else {
                // It dies with all that it holds, before or after a message went out; its successor knows nothing.
                if world.random.isOne(in: 2) { send(delivery) }
                lapses += 1 + rest.count
                return pause(mailer, upTo: 500_000)
            }
            report(delivery, mailer) { [weak self] in self?.work(mailer, rest) }
        }
    }

    private func send(_ delivery: DeliveryMessage) {
        sent[delivery.outboxID, default: 0] += 1
        world.note(.mailed, Int(delivery.outboxID), Int(delivery.attempt))
    }

    /// Why a message comes back; tells which lease was given back.
    static func reason(under lease: UInt64) -> String { "421 busy, lease \(lease)" }

    private func report(_ delivery: DeliveryMessage, _ mailer: Int, then next: @escaping @Sendable () -> Void) {
        if !isHealed, world.random.isOne(in: 5) {
            retries += 1
            let request = RetryDeliveryRequest(
                retryAfterMilliseconds: UInt64(world.random.draw(0...1_500)), outboxID: delivery.outboxID, leaseID: delivery.leaseID,
                detail: Self.reason(under: delivery.leaseID))
            return tell(RetryDelivery.self, request, delivery, mailer, then: next)
        }
        if weakness != .reportsWithoutSending || !world.random.isOne(in: 4) { send(delivery) }
        tell(
            CompleteDelivery.self, CompleteDeliveryRequest(outboxID: delivery.outboxID, leaseID: delivery.leaseID, providerID: "p"),
            delivery, mailer, then: next)
    }

    private func tell<O: Operation>(
        _ operation: O.Type, _ request: O.Request, _ delivery: DeliveryMessage, _ mailer: Int, then next: @escaping @Sendable () -> Void
    ) {
        // From when it is reported, whoever is next may have it.
        held[delivery.outboxID] = nil
        ask(operation, request, mailer) { [weak self] outcome in
            guard let self else { return }
            switch outcome {
            case .refused(.leaseLost, _): lateReports += 1
            case .refused(let status, _) where status.statusClass != .overloaded && status != .outcomeUnknown:
                violations.append("a report on message \(delivery.outboxID) is refused with \(status)")
            case .response, .refused, .failed: break
            }
            next()
        }
    }

    private func ask<O: Operation>(
        _ operation: O.Type, _ request: O.Request, _ mailer: Int, then next: @escaping @Sendable (CallOutcome) -> Void
    ) {
        busy += 1
        let client = clients[mailer]
        client.begin(operation, request, deadline: .seconds(5), ticket: client.nextTicket()) { [weak self] outcome in
            self?.busy -= 1
            next(outcome)
        }
    }

    // MARK: the end

    /// Whether each message that still holds was sent, and the outbox knows it.
    func haveSentAll(of state: StoredState) -> Bool { state.outbox.allSatisfy { $0.state == .sent || $0.state == .cancelled } }

    /// What was held by two, and what the outbox takes for sent although nobody sent it.
    func complaints(about state: StoredState) -> [String] {
        violations
            + state.outbox.filter { $0.state == .sent && sent[UInt64($0.id.rawValue)] == nil }.map { "nobody has sent message \($0.id)" }
    }

    func stop() { isStopping = true }

    var areIdle: Bool { busy == 0 }

    /// Closes the clients.
    func close() {
        for lane in clients.flatMap(\.lanes) {
            unclosedLanes += 1
            lane.close { self.unclosedLanes -= 1 }
        }
    }

    var areClosed: Bool { unclosedLanes == 0 }
}

/// What a mailer does wrong on purpose, to see that it is found out.
enum MailerWeakness: CaseIterable, Sendable {
    /// Says of some messages that it has sent them.
    case reportsWithoutSending
}
