import NIOCore
import ReservationCore
import SeededRandom

extension Scenario {
    static func drawCalls(horizon: Int, callers: [Caller], state: StoredState, using random: inout SeededGenerator) -> [CallPlan] {
        let operators = callers.indices.filter { callers[$0].role == .admin }
        let others = callers.indices.filter { callers[$0].role != .admin }
        let offices = callers.indices.filter { callers[$0].role != .gateway }
        // Where nothing is taken back more can be said of what was answered, so half of the runs are without.
        let isChangeable = random.isOne(in: 2)
        var calls: [CallPlan] = []
        var bookings: [CallPlan] = []
        for index in 0..<random.draw(20...40) {
            let action: CallPlan.Action
            var client = random.pick(others)
            switch random.draw(0...(isChangeable ? 25 : 19)) {
            case 0...11:
                let plan: CallPlan
                if !bookings.isEmpty, random.isOne(in: 6) {
                    plan = variation(of: random.pick(bookings), callers: callers, state: state, index: index, using: &random)
                } else {
                    plan = booking(client: client, role: callers[client].role, state: state, index: index, using: &random)
                }
                client = plan.client
                action = plan.action
                bookings.append(plan)
            case 12...14: action = .validate(random.draw(0...(random.isOne(in: 8) ? state.tickets.count : state.tickets.count - 1)))
            case 15: action = .available
            case 16: action = .health
            case 17: action = .setOpen(slot: random.draw(0...state.slots.count - 1), random.draw(0...2) > 0)
            case 18...19: action = .setCapacity(slot: random.draw(0...state.slots.count - 1), random.draw(1...4))
            default: action = change(state: state, index: index, using: &random)
            }
            switch action {
            case .setOpen, .setCapacity: client = random.pick(operators)
            case .cancel, .move: client = random.pick(offices)
            default: break
            }
            calls.append(
                CallPlan(
                    client: client, action: action, begin: .microseconds(Int64(random.draw(0...horizon))),
                    deadline: .milliseconds(random.draw(random.pick([20...400, 1_000...4_000, 4_000...8_000]))),
                    cancelAfter: random.isOne(in: 20) ? .microseconds(Int64(random.draw(0...200_000))) : nil,
                    repetitions: random.draw(0...2)))
        }
        return calls
    }

    private static func change(state: StoredState, index: Int, using random: inout SeededGenerator) -> CallPlan.Action {
        let change = CallPlan.Change(ticket: random.draw(0...state.tickets.count - 1), isByReservation: random.isOne(in: 2))
        if random.isOne(in: 3) { return .cancel(change) }
        return .move(change, to: random.draw(0...state.slots.count - 1), key: random.isOne(in: 3) ? nil : UInt128(index + 1))
    }

    private static func booking(
        client: Int, role: Role, state: StoredState, index: Int, using random: inout SeededGenerator
    ) -> CallPlan {
        let isStrange = random.isOne(in: 30)
        return CallPlan(
            client: client,
            action: .create(
                CallPlan.Booking(
                    ticket: random.draw(0...(isStrange ? state.tickets.count : state.tickets.count - 1)),
                    slot: random.isOne(in: 40) ? state.slots.count : random.draw(0...state.slots.count - 1),
                    key: random.isOne(in: 3) ? nil : UInt128(index + 1),
                    code: random.isOne(in: 30) ? .wrong : random.isOne(in: 2) ? .right : .absent, email: "c\(index)@example.com")),
            begin: .zero, deadline: .zero)
    }

    /// Two browser tabs and their like: the same request under the same key, the same key for something else, or another request for
    /// the same ticket.
    private static func variation(
        of plan: CallPlan, callers: [Caller], state: StoredState, index: Int, using random: inout SeededGenerator
    ) -> CallPlan {
        var plan = plan
        guard var booking = plan.booking else { return plan }
        // Keys of different roles never meet; two gateways share theirs.
        plan.client = random.pick(callers.indices.filter { callers[$0].role == callers[plan.client].role })
        let isSame = booking.key != nil && !random.isOne(in: 3)
        if !isSame {
            booking.email = "c\(index)@example.com"
            booking.slot = random.draw(0...state.slots.count - 1)
            if random.isOne(in: 2) { booking.key = UInt128(index + 1) }
        }
        plan.action = .create(booking)
        return plan
    }
}
