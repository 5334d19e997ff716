import NIOCore
import ReservationCore
import ReservationWire
import SeededRandom

@testable import ReservationClient

/// The programs that ask: one client each, the real one but for its socket, clock and chance.
/// Belongs to its world, see ``World`` for why it may be called Sendable.
final class SimulatedCallers: @unchecked Sendable {
    private let world: World
    private let disk: SimulatedDisk
    private let scenario: Scenario
    private let weakness: ClientWeakness?
    private(set) var clients: [ReservationClient] = []
    private(set) var records: [CallRecord] = []
    private(set) var unfinished = 0
    private var unclosedLanes = 0

    init(world: World, network: Network, disk: SimulatedDisk, scenario: Scenario, weakness: ClientWeakness?) {
        self.world = world
        self.disk = disk
        self.scenario = scenario
        self.weakness = weakness
        clients = scenario.callers.enumerated().map { index, caller in
            ReservationClient(
                ClientConfiguration(
                    socketPath: "\(caller.role.name).sock", name: "caller-\(index)", encoding: caller.encoding,
                    connections: caller.connections, helloPatience: caller.helloPatience),
                eventLoopGroup: SimulatedEventLoop(world: world),
                surroundings: ClientSurroundings(
                    connector: SimulatedConnector(network: network, role: caller.role),
                    generator: SeededGenerator(seed: world.random.next())))
        }
    }

    /// Plans a call for its time.
    func plan(_ call: CallPlan, isProbe: Bool = false) {
        unfinished += 1
        world.plan(at: max(world.now, World.firstMoment + call.begin)) { self.begin(call, isProbe: isProbe) }
    }

    private func begin(_ plan: CallPlan, isProbe: Bool) {
        let record = CallRecord(
            number: records.count, plan: plan, caller: scenario.callers[plan.client], begin: world.now,
            firstVersion: disk.versions.count - 1, isProbe: isProbe)
        records.append(record)
        world.note(.callBegins, record.number, plan.client)
        let client = clients[plan.client]
        let ticket = client.nextTicket()
        ask(record, client, ticket)
        if let delay = plan.cancelAfter {
            world.plan(at: world.now + delay) {
                guard record.timesEnded == 0 else { return }
                record.wasCancelled = true
                self.world.note(.cancel, record.number)
                client.cancel(ticket)
            }
        }
    }

    private func ask(_ record: CallRecord, _ client: ReservationClient, _ ticket: UInt64) {
        let organization: UInt64 = 1
        switch record.plan.action {
        case .create(let booking):
            let code: String? =
                switch booking.code {
                case .absent: nil
                case .wrong: "TKT-2030-WRONG0-WRONG0"
                case .right: booking.ticket < scenario.state.tickets.count ? scenario.state.tickets[booking.ticket].code.text : nil
                }
            let request = CreateReservationRequest(
                orq: organization, ticketID: UInt64(1000 + booking.ticket), ticketCode: code, slotID: UInt64(1 + booking.slot),
                idempotencyKey: booking.key, customerEmail: booking.email, customerPhone: "+12025551234")
            begin(CreateReservation.self, request, record, client, ticket)
        case .validate(let index):
            let code = index < scenario.state.tickets.count ? scenario.state.tickets[index].code.text : "TKT-2030-NOBODY-NOBODY"
            begin(ValidateTicket.self, ValidateTicketRequest(orq: organization, ticketCode: code), record, client, ticket)
        case .available:
            begin(AvailableSlots.self, AvailableSlotsRequest(orq: organization, month: "2030-01"), record, client, ticket)
        case .health:
            begin(Health.self, HealthRequest(), record, client, ticket)
        case .setCapacity(let slot, let capacity):
            let request = SetSlotCapacityRequest(slotID: UInt64(1 + slot), totalCapacity: UInt64(capacity))
            begin(SetSlotCapacity.self, request, record, client, ticket)
        case .setOpen(let slot, let open):
            let status = open ? SlotStatus.active.rawValue : SlotStatus.closed.rawValue
            begin(SetSlotState.self, SetSlotStateRequest(slotID: UInt64(1 + slot), status: status), record, client, ticket)
        case .cancel(let change):
            let name = name(in: change, of: record)
            let request = CancelReservationRequest(ticketID: name.ticket, reservationID: name.reservation)
            begin(CancelReservation.self, request, record, client, ticket)
        case .move(let change, let slot, let key):
            let name = name(in: change, of: record)
            let request = MoveReservationRequest(
                ticketID: name.ticket, slotID: UInt64(1 + slot), reservationID: name.reservation, idempotencyKey: key)
            begin(MoveReservation.self, request, record, client, ticket)
        }
    }

    /// The office knows the number of a reservation from its list. Who asks again names the same.
    private func name(in change: CallPlan.Change, of record: CallRecord) -> CallPlan.Name {
        let ticket = scenario.state.tickets[change.ticket].id
        let known = change.isByReservation ? disk.state.reservation(of: ticket) : nil
        let name = change.named ?? known.map { .reservation(UInt64($0.id.rawValue)) } ?? .ticket(UInt64(ticket.rawValue))
        record.named = name
        return name
    }

    private func begin<O: Operation>(
        _ operation: O.Type, _ request: O.Request, _ record: CallRecord, _ client: ReservationClient, _ ticket: UInt64
    ) {
        guard weakness == .repeatsWithoutKey else {
            client.begin(operation, request, deadline: record.plan.deadline, ticket: ticket) { self.end(record, $0) }
            return
        }
        var payload = ByteBuffer()
        Payload.encode(request, as: record.caller.encoding, into: &payload)
        _ = client.gauge.begin()
        client.lanes[Int(ticket % UInt64(client.lanes.count))].call(
            CallOrder(
                ticket: ticket, opcode: O.opcode, payload: payload, deadline: record.deadline, isRepeatable: true,
                changesSomething: RepeatSafety(of: O.opcode).changesSomething, completion: { self.end(record, $0) }))
    }

    private func end(_ record: CallRecord, _ outcome: CallOutcome) {
        record.timesEnded += 1
        guard record.timesEnded == 1 else { return }
        record.outcome = outcome
        record.end = world.now
        record.lastVersion = disk.versions.count - 1
        unfinished -= 1
        world.note(.callEnds, record.number, outcome.mark)
        // A person who did not learn what became of it presses the button again.
        if record.plan.key != nil, record.isUnknown, record.plan.repetitions > 0 {
            var again = record.plan
            again.repetitions -= 1
            if case .move(var change, let slot, let key) = again.action {
                change.named = record.named
                again.action = .move(change, to: slot, key: key)
            }
            again.cancelAfter = nil
            again.begin = world.now - World.firstMoment + .microseconds(Int64(world.random.draw(0...300_000)))
            plan(again)
        }
    }

    /// Closes the clients.
    func close() {
        for client in clients {
            for lane in client.lanes {
                unclosedLanes += 1
                lane.close { self.unclosedLanes -= 1 }
            }
        }
    }

    var areClosed: Bool { unclosedLanes == 0 }
}

/// A promise that a client breaks on purpose, to see that it is found out.
enum ClientWeakness: CaseIterable, Sendable {
    /// Sends a create again whose fate is unknown although it has no key.
    case repeatsWithoutKey
}

extension CallPlan.Name {
    fileprivate var ticket: UInt64? { if case .ticket(let id) = self { id } else { nil } }

    fileprivate var reservation: UInt64? { if case .reservation(let id) = self { id } else { nil } }
}

extension CallOutcome {
    /// Tells outcomes apart in a trace.
    fileprivate var mark: Int {
        switch self {
        case .response(let payload, _, let replayed): payload.readableBytes * 2 + (replayed ? 1 : 0)
        case .refused(let status, _): -Int(status.rawValue)
        case .failed(let error):
            -100_000 - (ClientError.Code.allCases.firstIndex(of: error.code) ?? 0) * 2 - (error.mayHaveExecuted ? 1 : 0)
        }
    }
}
