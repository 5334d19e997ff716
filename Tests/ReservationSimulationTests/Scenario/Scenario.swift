import NIOCore
import ReservationCore
import ReservationWire
import SeededRandom

/// All that a seed decides beforehand: who is there, what is asked, and what goes wrong when.
struct Scenario: Sendable {
    struct Caller: Sendable {
        var role: Role
        var encoding: Encoding
        var connections: Int
        var helloPatience: Duration
    }

    enum Mishap: Sendable {
        case crash, drain, drop
    }

    let callers: [Caller]
    let calls: [CallPlan]
    let mishaps: [(after: TimeAmount, Mishap)]
    let faults: [(operation: Int, fault: SimulatedDisk.Fault)]
    let bounds: DaemonBounds
    /// Whether systemd holds the listening sockets.
    let keepsListening: Bool
    /// When nothing more goes wrong.
    let healing: TimeAmount
    /// When somebody begins to watch the slots.
    let watching: TimeAmount
    let state: StoredState

    init(using random: inout SeededGenerator) throws(Misnamed) {
        // Most runs are hurried, so that requests meet in a group; a few are calm, so that nothing but the contract is seen.
        let horizon = random.pick([50_000, 300_000, 1_500_000, 4_000_000])
        let isCalm = random.isOne(in: 16)
        state = try Self.drawState(using: &random)
        callers = Self.drawCallers(using: &random)
        calls = Self.drawCalls(horizon: horizon, callers: callers, state: state, using: &random)
        mishaps = isCalm ? [] : Self.drawMishaps(horizon: horizon, using: &random)
        faults = isCalm ? [] : Self.drawFaults(using: &random)
        bounds = DaemonBounds(
            queueLimit: random.isOne(in: 10) ? random.draw(1...4) : 16_384, groupLimit: random.pick([1, 2, 8, 512]))
        keepsListening = random.isOne(in: 2)
        healing = .microseconds(Int64(horizon) + 500_000)
        watching = .microseconds(Int64(random.draw(0...horizon)))
    }

    /// A name in a scenario that the domain does not accept.
    struct Misnamed: Error {}

    // MARK: what is stored

    private static func drawState(using random: inout SeededGenerator) throws(Misnamed) -> StoredState {
        let epoch = Instant(seconds: 0)
        var state = StoredState()
        guard let home = OrganizationID(Int64(1)), let other = OrganizationID(Int64(2)) else { throw Misnamed() }
        for id in [home, other] {
            state.organizations.append(
                Organization(id: id, name: "Venue", timeZone: "Etc/UTC", allowsStarted: false, createdAt: epoch))
        }
        let slotCount = random.draw(2...4)
        for index in 0..<slotCount {
            // The first may start while the run goes on, the second lies a day away, the last may belong to another organisation.
            let startsSoon = index == 0 && random.isOne(in: 4)
            let isForeign = index == slotCount - 1 && index > 1 && random.isOne(in: 4)
            guard let id = SlotID(Int64(index + 1)), let date = CalendarDate(year: 2030, month: 1, day: index == 1 ? 2 : 1),
                let start = startsSoon ? TimeOfDay(hour: 0, minute: 0, second: random.draw(1...3)) : TimeOfDay(hour: 10 + index, minute: 0),
                let end = TimeOfDay(hour: 20, minute: 0)
            else { throw Misnamed() }
            let startsAt = Instant(seconds: Int64(date.dayNumber) * 86_400 + Int64(start.seconds))
            state.slots.append(
                Slot(
                    id: id, organization: isForeign ? other : home, date: date, startTime: start, endTime: end, startsAt: startsAt,
                    totalCapacity: random.draw(1...3), bookedCount: 0, status: .active, createdAt: epoch, updatedAt: epoch))
        }
        for index in 0..<random.draw(5...10) {
            let status = random.isOne(in: 12) ? random.pick([TicketStatus.pendingPayment, .expired]) : .activated
            guard let id = TicketID(Int64(1000 + index)),
                let code = TicketCode("TKT-2030-AAAAA\(index)-BBBBB\(index)".prefix(22).description)
            else { throw Misnamed() }
            state.tickets.append(
                Ticket(
                    id: id, code: code, organization: home, productID: 5, orderID: 456, status: status, createdAt: epoch, updatedAt: epoch))
        }
        return state
    }

    // MARK: who is there

    private static func drawCallers(using random: inout SeededGenerator) -> [Caller] {
        var roles: [Role] = [.gateway, .gateway, .admin]
        if random.isOne(in: 2) { roles.append(.service) }
        return roles.map { role in
            Caller(
                role: role, encoding: random.isOne(in: 5) ? .json : .tlv, connections: random.draw(1...2),
                helloPatience: random.isOne(in: 4) ? .milliseconds(300) : .seconds(5))
        }
    }

    // MARK: what goes wrong

    private static func drawMishaps(horizon: Int, using random: inout SeededGenerator) -> [(after: TimeAmount, Mishap)] {
        var mishaps: [(TimeAmount, Mishap)] = []
        func add(_ mishap: Mishap, upTo most: Int) {
            for _ in 0..<random.draw(0...most) { mishaps.append((.microseconds(Int64(random.draw(0...horizon))), mishap)) }
        }
        add(.crash, upTo: 2)
        add(.drain, upTo: 1)
        add(.drop, upTo: random.pick([0, 2, 6]))
        return mishaps
    }

    private static func drawFaults(using random: inout SeededGenerator) -> [(operation: Int, fault: SimulatedDisk.Fault)] {
        var faults: [(operation: Int, fault: SimulatedDisk.Fault)] = []
        func add(upTo most: Int, _ fault: (inout SeededGenerator) -> SimulatedDisk.Fault) {
            for _ in 0..<random.draw(0...most) { faults.append((random.draw(1...160), fault(&random))) }
        }
        add(upTo: 2) { .crash(stored: $0.isOne(in: 2)) }
        if random.isOne(in: 3) { add(upTo: 4) { _ in .unavailable } }
        if random.isOne(in: 4) { add(upTo: 1) { .deviceFailed(storedAnyway: $0.isOne(in: 2)) } }
        return faults.sorted { $0.operation < $1.operation }
    }
}
