import NIOCore
import NIOPosix
import ReservationCore
import ReservationStore
import Synchronization

@testable import ReservationDaemon

/// The real ledger on a real database, with clocks and faults that the run decides.
final class LedgerUnderTest {
    private let directory: String
    private let mutation: Mutation?
    private let surroundings = Surroundings()
    private var running: (ledger: Ledger, executor: TurnExecutor)?
    private(set) var plan = FaultPlan()
    private var watcher: SlotWatcher?
    /// What one knows of the slots who read them after the last restart and was told of changes since then.
    private(set) var picture: [SlotID: Slot] = [:]

    /// Small, so that a run of some hundred steps meets it.
    static let sweepLimit = 4

    /// - Parameter mutation: a fault of the store that the run must find.
    init(directory: String, mutation: Mutation?) throws {
        self.directory = directory
        self.mutation = mutation
        try restart()
    }

    /// Lets go of the ledger, and with it of the database, and opens another on what is on the disk.
    func restart() throws {
        running = nil
        surroundings.state.withLock { $0.hasEnded = false }
        plan = FaultPlan()
        var settings = LedgerSettings()
        settings.clock = { [surroundings] in surroundings.state.withLock { $0.now } }
        settings.uptime = { [surroundings] in surroundings.state.withLock { $0.uptime } }
        settings.onTerminalFailure = { [surroundings] _ in surroundings.state.withLock { $0.hasEnded = true } }
        (settings.shortCheckpointPages, settings.longCheckpointPages) = (16, 16)
        settings.sweepLimit = Self.sweepLimit
        let executor = TurnExecutor()
        let ledger = try Ledger(store: try openStore(), zones: TimeZoneDatabase(), settings: settings, executor: executor)
        running = (ledger, executor)
        // Nothing is flushed of itself: what waits is taken after each group.
        let watcher = SlotWatcher(eventLoop: MultiThreadedEventLoopGroup.singleton.any(), interval: .zero) { _ in }
        ledger.watchers.add(watcher)
        self.watcher = watcher
        picture = try look(LedgerQuestion()).slots.reduce(into: [:]) { $0[$1.id] = $1 }
    }

    private func openStore() throws -> sending any ReservationStorage {
        let store = FaultyStorage(try SQLiteReservationStore(path: directory + "/r.sqlite"), plan: plan)
        guard let mutation else { return store }
        return mutation.applied(to: store)
    }

    /// Whether the ledger said that the process must end.
    var hasEnded: Bool { surroundings.state.withLock { $0.hasEnded } }

    /// Sets the wall clock. Meanwhile the machine was up long enough for the ledger to forget old records when it is idle next.
    func set(_ now: Instant) {
        surroundings.state.withLock { state in
            state.now = now
            state.uptime = state.uptime + .seconds(61)
        }
    }

    // MARK: asking

    /// Puts the requests to the ledger as one group, dealt out to so many connections, and lets it come to rest.
    ///
    /// - Returns: in the order of the requests.
    func ask(_ requests: [ModelRequest], connections: Int) throws -> [Outcome] {
        let (ledger, executor) = try require(running)
        var shares = [[Submission]](repeating: [], count: connections)
        // Whole stretches, so that the order in which connections are served is the order of the requests.
        for (index, request) in requests.enumerated() {
            shares[index * connections / requests.count].append(submission(request, id: UInt64(index)))
        }
        let inbox = Inbox(count: requests.count)
        for share in shares where !share.isEmpty {
            guard ledger.submit(share, for: Connection(inbox: inbox)) else { throw Disagreement("the queue is full") }
        }
        executor.takeTurns()
        for slot in watcher?.take(.max) ?? [] { picture[slot.id] = slot }
        return try inbox.outcomes.withLock { outcomes in
            try outcomes.map { answers in
                guard answers.count == 1 else { throw Disagreement("a request is answered \(answers.count) times") }
                return answers[0]
            }
        }
    }

    private func submission(_ request: ModelRequest, id: UInt64) -> Submission {
        let uptime = surroundings.state.withLock { $0.uptime }
        return Submission(
            requestID: id, opcode: .reservationCreate, encoding: .tlv, command: request.command,
            deadline: request.fault == .deadlineExceeded ? uptime - .seconds(1) : .distantFuture, receivedAt: uptime,
            isCancelled: request.fault == .cancelled)
    }

    /// Looks behind the ledger, between two groups.
    func look(_ question: LedgerQuestion) throws -> LedgerView {
        try require(running).ledger.assumeIsolated { try $0.view(question) }
    }

    private final class Surroundings: Sendable {
        struct State {
            var now = Instant(seconds: ModelVocabulary.monday)
            var uptime = NIODeadline.uptimeNanoseconds(100_000_000_000)
            var hasEnded = false
        }
        let state = Mutex(State())
    }
    private final class Inbox: Sendable {
        let outcomes: Mutex<[[Outcome]]>
        init(count: Int) { outcomes = Mutex(Array(repeating: [], count: count)) }
    }
    private final class Connection: OutcomeSink {
        let inbox: Inbox
        init(inbox: Inbox) { self.inbox = inbox }
        func deliver(_ answered: [(Submission, Outcome)]) {
            inbox.outcomes.withLock { outcomes in
                for (submission, outcome) in answered { outcomes[Int(submission.requestID)].append(outcome) }
            }
        }
    }
}
