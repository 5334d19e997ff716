import NIOCore
import ReservationCore
import ReservationWire
import SeededRandom

@testable import ReservationClient

/// One who shows the calendar and keeps it up to date as the specification says (20.8): watches, then reads, then takes in what is told;
/// after an interruption the same anew. Belongs to its world, see ``World`` for why it may be called Sendable.
final class SimulatedWatcher: @unchecked Sendable {
    private let world: World
    private let weakness: WatcherWeakness?
    private let organizations: [UInt64]
    private let loop: SimulatedEventLoop
    let client: ReservationClient
    private var watch: SlotWatch?
    private var unclosedLanes = 0

    private(set) var beginnings = 0
    private(set) var interruptions = 0
    private(set) var changes = 0
    private var unread: Set<UInt64> = []
    /// As the calendar had them; closed ones are not in it.
    private var read: [UInt64: SlotMessage] = [:]
    /// Since the latest beginning.
    private var told: [UInt64: SlotMessage] = [:]

    init(world: World, network: Network, scenario: Scenario, weakness: WatcherWeakness?) {
        self.world = world
        self.weakness = weakness
        organizations = scenario.state.organizations.map { UInt64($0.id.rawValue) }
        loop = SimulatedEventLoop(world: world)
        client = ReservationClient(
            ClientConfiguration(
                socketPath: "gateway.sock", name: "watcher", encoding: world.random.isOne(in: 2) ? .tlv : .json,
                helloPatience: world.random.isOne(in: 4) ? .milliseconds(300) : .seconds(5)),
            eventLoopGroup: loop,
            surroundings: ClientSurroundings(
                connector: SimulatedConnector(network: network, role: .gateway), generator: SeededGenerator(seed: world.random.next())))
    }

    func begin(at time: NIODeadline) {
        world.plan(at: time) { [self] in watch = client.watch(heard: { [weak self] in self?.hear($0) }, ended: {}) }
    }

    private func hear(_ event: SlotWatchEvent) {
        switch event {
        case .began:
            beginnings += 1
            world.note(.watchBegins, beginnings)
            if weakness == .doesNotReadAnew, beginnings > 1 { return }
            told = [:]
            read = [:]
            unread = Set(organizations)
            for organization in organizations { ask(organization, beginning: beginnings) }
        case .changed(let slots):
            changes += 1
            world.note(.slotsChanged, slots.count)
            for slot in slots { told[slot.slotID] = slot }
        case .interrupted:
            interruptions += 1
            world.note(.watchBreaks, interruptions)
        }
    }

    private func ask(_ organization: UInt64, beginning: Int) {
        let request = AvailableSlotsRequest(orq: organization, month: "2030-01")
        client.begin(AvailableSlots.self, request, deadline: .seconds(5), ticket: client.nextTicket()) { [weak self] outcome in
            guard let self, beginning == beginnings else { return }
            guard case .response(let payload, let encoding, _) = outcome,
                let calendar = try? Payload.decode(AvailableSlotsResponse.self, from: payload, as: encoding)
            else {
                // The daemon may be away, or full; who shows a calendar asks again.
                world.plan(at: world.now + .milliseconds(100)) { [weak self] in
                    guard let self, beginning == beginnings else { return }
                    ask(organization, beginning: beginning)
                }
                return
            }
            for slot in calendar.slots { read[slot.slotID] = slot }
            unread.remove(organization)
        }
    }

    /// Whether what it shows is what is.
    func knows(_ state: StoredState) -> Bool {
        guard beginnings > 0, unread.isEmpty else { return false }
        return state.slots.allSatisfy { slot in
            let known = told[UInt64(slot.id.rawValue)] ?? read[UInt64(slot.id.rawValue)]
            guard let known else { return slot.status == .closed }
            return known == SlotMessage(slot)
        }
    }

    /// Stops watching and closes the client.
    func close() {
        for lane in client.lanes + [watch?.stop()].compactMap({ $0 }) {
            unclosedLanes += 1
            lane.close { self.unclosedLanes -= 1 }
        }
        if let watch { client.end(watch) }
        watch = nil
    }

    var isClosed: Bool { unclosedLanes == 0 }
}

/// What a watcher does wrong on purpose, to see that it is found out.
enum WatcherWeakness: CaseIterable, Sendable {
    /// Goes on with what it knew when it begins anew.
    case doesNotReadAnew
}
