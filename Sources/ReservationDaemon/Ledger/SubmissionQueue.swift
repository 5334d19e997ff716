import NIOCore
import ReservationCore
import ReservationWire
import Synchronization

/// One request on its way through the ledger.
struct Submission: Sendable {
    var requestID: UInt64
    var opcode: Opcode
    var encoding: Encoding
    var command: Command
    /// For the history.
    var caller = Caller(role: .gateway)
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

    /// Has `work` done at that moment, by the clock that deadlines go by. Work that comes to nothing when the process ends.
    func remind(at moment: NIODeadline, _ work: @escaping @Sendable () -> Void)
}

extension OutcomeSink {
    /// Who never waits for a message to be due need not have a clock.
    func remind(at moment: NIODeadline, _ work: @escaping @Sendable () -> Void) {}
}

/// What waits for the ledger, bounded. All requests of one read enter in one step, and the ledger takes what waits in few steps.
///
/// A connection's requests come out in their order, and the connections by turns: one that has a thousand waiting does not keep those
/// waiting that have one.
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

    /// Requests of one connection that are taken before it is another's turn.
    private static let share = 64

    /// What waits of one connection.
    private struct Line {
        var sink: any OutcomeSink
        var submissions: ArraySlice<Submission>

        mutating func take(_ count: Int) -> Group {
            defer { submissions = submissions.dropFirst(count) }
            return Group(sink: sink, submissions: Array(submissions.prefix(count)))
        }
    }

    private struct State {
        var lines: [ObjectIdentifier: Line] = [:]
        /// Whose turn comes when. Each line stands here once.
        var turns = CircularBuffer<ObjectIdentifier>()
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
        let key = ObjectIdentifier(group.sink)
        return state.withLock { state in
            guard state.depth + group.submissions.count <= limit else { return .full }
            state.depth += group.submissions.count
            if state.lines[key]?.submissions.append(contentsOf: group.submissions) == nil {
                state.lines[key] = Line(sink: group.sink, submissions: group.submissions[...])
                state.turns.append(key)
            }
            if state.ledgerIsAwake { return .queued }
            state.ledgerIsAwake = true
            return .queuedForIdleLedger
        }
    }

    /// Takes what waits, up to about `count` requests.
    ///
    /// - Returns: nothing when nothing waits; the ledger then counts as idle and the next ``add(_:)`` says that it must be woken.
    func take(about count: Int) -> [Group] {
        state.withLock { state in
            var groups: [Group] = []
            var left = count
            while left > 0, let key = state.turns.popFirst(), var line = state.lines.removeValue(forKey: key) {
                let group = line.take(state.turns.isEmpty ? left : min(left, Self.share))
                left -= group.submissions.count
                state.depth -= group.submissions.count
                groups.append(group)
                if !line.submissions.isEmpty {
                    state.lines[key] = line
                    state.turns.append(key)
                }
            }
            if groups.isEmpty { state.ledgerIsAwake = false }
            return groups
        }
    }

    /// Marks a request that was not begun yet.
    ///
    /// - Returns: false when it is too late, and nothing happens.
    func cancel(_ requestID: UInt64, of sink: any OutcomeSink) -> Bool {
        cancel(of: sink) { $0.requestID == requestID }
    }

    /// Marks such requests as were not begun yet.
    ///
    /// - Returns: whether there is any.
    @discardableResult
    func cancel(of sink: any OutcomeSink, where isWanted: (Submission) -> Bool) -> Bool {
        let key = ObjectIdentifier(sink)
        return state.withLock { state in
            var isFound = false
            for index in state.lines[key]?.submissions.indices ?? 0..<0
            where state.lines[key].map({ isWanted($0.submissions[index]) }) ?? false {
                state.lines[key]?.submissions[index].isCancelled = true
                isFound = true
            }
            return isFound
        }
    }
}
