import NIOCore
import ReservationCore
import ReservationWire

@testable import ReservationClient

/// One call as its caller saw it, and which durable states there were meanwhile.
/// Belongs to its world, see ``World`` for why it may be called Sendable.
final class CallRecord: @unchecked Sendable {
    let number: Int
    let plan: CallPlan
    let caller: Scenario.Caller
    let begin: NIODeadline
    let firstVersion: Int
    /// It was begun after everything had healed.
    let isProbe: Bool
    var end = NIODeadline.distantFuture
    var lastVersion = 0
    var outcome: CallOutcome?
    var timesEnded = 0
    /// What a change named.
    var named: CallPlan.Name?
    var wasCancelled = false

    init(number: Int, plan: CallPlan, caller: Scenario.Caller, begin: NIODeadline, firstVersion: Int, isProbe: Bool) {
        self.number = number
        self.plan = plan
        self.caller = caller
        self.begin = begin
        self.firstVersion = firstVersion
        self.isProbe = isProbe
    }

    var deadline: NIODeadline { begin + TimeAmount(plan.deadline) }

    /// Whether the outcome leaves open whether the change was made.
    var isUnknown: Bool {
        switch outcome {
        case .failed(let error): error.mayHaveExecuted
        case .refused(.outcomeUnknown, _), nil: true
        default: false
        }
    }

    var isAnswered: Bool {
        if case .response = outcome { return true }
        return false
    }
}
