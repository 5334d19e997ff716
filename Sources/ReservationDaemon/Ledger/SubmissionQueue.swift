import NIOCore
import ReservationWire
import Synchronization

/// One request on its way through the ledger.
struct Submission: Sendable {
    var requestID: UInt64
    var opcode: Opcode
    var encoding: Encoding
    var command: Command
    /// After this the caller no longer waits; honoured until the command is begun.
    var deadline: NIODeadline
    var receivedAt: NIODeadline
    var isCancelled = false

    /// Where the answer goes.
    var replyAddress: ReplyAddress { ReplyAddress(requestID: requestID, opcode: opcode, encoding: encoding) }
}

/// Where the outcomes of one read's requests go.
protocol OutcomeSink: AnyObject, Sendable {
    /// Called on the ledger's thread: must only hand over.
    func deliver(_ answered: [(Submission, Outcome)])
}

/// What waits for the ledger, bounded. All requests of one read enter in one step, and the ledger takes all that waits in one step.
final class SubmissionQueue: Sendable {
    struct Group: Sendable {
        var sink: any OutcomeSink
        var submissions: [Submission]
    }

    enum Admission {
        /// The ledger is at work and will find it.
        case queued
        /// The ledger must be woken.
        case queuedForIdleLedger
        /// Nothing was queued: the bound is reached.
        case full
    }

    private struct State {
        var groups: [Group] = []
        var depth = 0
        var ledgerIsAwake = false
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var depth: Int { state.withLock { $0.depth } }

    func add(_ group: Group) -> Admission {
        state.withLock { state in
            guard state.depth + group.submissions.count <= limit else { return .full }
            state.depth += group.submissions.count
            state.groups.append(group)
            if state.ledgerIsAwake { return .queued }
            state.ledgerIsAwake = true
            return .queuedForIdleLedger
        }
    }

    /// Takes what waits, in order, up to about `count` requests.
    ///
    /// - Returns: nothing when nothing waits; the ledger then counts as idle and the next ``add(_:)`` says that it must be woken.
    func take(about count: Int) -> [Group] {
        state.withLock { state in
            var taken = 0
            var end = 0
            while end < state.groups.count, taken < count {
                taken += state.groups[end].submissions.count
                end += 1
            }
            state.depth -= taken
            if end == 0 { state.ledgerIsAwake = false }
            if end == state.groups.count {
                let all = state.groups
                state.groups = []
                return all
            }
            let groups = Array(state.groups[..<end])
            state.groups.removeFirst(end)
            return groups
        }
    }

    /// Marks a request that was not begun yet; too late otherwise, and then nothing happens.
    func cancel(_ requestID: UInt64, of sink: any OutcomeSink) {
        state.withLock { state in
            for group in state.groups.indices where state.groups[group].sink === sink {
                for index in state.groups[group].submissions.indices where state.groups[group].submissions[index].requestID == requestID {
                    state.groups[group].submissions[index].isCancelled = true
                    return
                }
            }
        }
    }
}
