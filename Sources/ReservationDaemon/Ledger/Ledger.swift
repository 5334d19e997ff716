import NIOCore
import ReservationCore
import ReservationWire

/// The one place where anything is decided. Holds the slots' counters in memory and writes each change through to the store before
/// anybody hears of it.
///
/// Group commit: whatever waits when the ledger comes round is run in order and committed once; the next group gathers while this one
/// syncs. There is no timer. Nobody gets an answer before the commit, refusals and reads included, because every answer may rest on what
/// the same group has written.
actor Ledger {
    nonisolated let executor: any LedgerExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    let store: any ReservationStorage
    let zones: TimeZoneDatabase
    let settings: LedgerSettings
    nonisolated private let queue: SubmissionQueue
    nonisolated let watchers = SlotWatchers()
    nonisolated let slices = SliceQueue()
    nonisolated let eventTail: EventTail

    var organizations: [OrganizationID: OrganizationState] = [:]
    var slots = SlotTable([])

    /// Slots whose counters the running group has changed, to be restored if it cannot be committed.
    var touchedSlots: Set<SlotID> = []
    /// Slots that the running group has taken away, as they are told to those who watch.
    var removedSlots: [Slot] = []
    /// Whether the running group added or removed slots or organisations, or changed one, so that a failure must reload rather than restore.
    var structureChanged = false
    /// Slots the running group has changed and not written yet: one UPDATE a slot and group, not one a booking.
    var unwrittenSlots: Set<SlotID> = []
    /// Whether the running group has changed anything in the store. Only then does its commit show that the store takes writes: one that
    /// holds nothing but refusals succeeds on a full disk as well.
    var hasWritten = false

    /// What the running group has made happen; written with the group and told after its commit.
    var happened: [PortalEvent] = []
    /// The position of the latest event that is committed.
    private(set) var lastEvent: Int64 = 0
    /// By what the clock said when the running group began.
    private var groupTime = Instant(seconds: 0)

    /// For ids and codes that nobody can guess.
    var random = SystemRandomNumberGenerator()

    /// What the running group has changed about messages.
    var outboxTally = OutboxTally()

    /// Where the sweep for old contacts is.
    var retention = RetentionSweep()
    /// The log holds what was erased since; see ``emptyLog()``.
    var mustEmptyLog = false

    /// Mailers that wait for something to be due.
    var waiters: LeaseWaiters
    /// False once the daemon is to stop.
    var mayWait = true
    /// For when somebody will remind the ledger of those who wait.
    var alarm: NIODeadline?
    /// Up to where the outbox was looked through for what may be forgotten.
    var forgottenUpTo: OutboxID?

    private(set) var isWritable = true
    private(set) var terminalFailure: GroupFailure?
    private var hasEnded = false
    private var isRecovering = false
    var checkpointHasFailed = false
    private var requests: UInt64 = 0
    private var batches: UInt64 = 0
    private var commits: UInt64 = 0
    private var commitNanoseconds: UInt64 = 0
    var lastSweep = NIODeadline.uptimeNanoseconds(0)

    /// - Throws: what keeps the ledger from starting: a store that cannot be read, a zone that is not known, counters that lie.
    init(
        store: sending any ReservationStorage, zones: TimeZoneDatabase, settings: LedgerSettings,
        executor: any LedgerExecutor = LedgerThread()
    ) throws(LedgerStartError) {
        self.executor = executor
        self.store = store
        self.zones = zones
        self.settings = settings
        self.queue = SubmissionQueue(limit: settings.queueLimit)
        self.waiters = LeaseWaiters(limit: settings.waiterLimit)
        let state = try LedgerState(loading: store, zones: zones)
        self.organizations = state.organizations
        self.slots = state.slots
        self.lastEvent = state.events.newest
        self.eventTail = EventTail(end: state.events.newest)
        happened.reserveCapacity(settings.groupLimit)
    }

    nonisolated var queueDepth: Int { queue.depth }

    /// Hands over all requests of one read.
    ///
    /// - Returns: false when the queue is full; then none of them was taken.
    nonisolated func submit(_ submissions: [Submission], for sink: any OutcomeSink) -> Bool {
        switch queue.add(SubmissionQueue.Group(sink: sink, submissions: submissions)) {
        case .queued: return true
        case .full: return false
        case .queuedForIdleLedger:
            executor.submit { self.assumeIsolated { $0.drain() } }
            return true
        }
    }

    /// Takes a request back that was not begun yet, or waits.
    nonisolated func cancel(_ requestID: UInt64, of sink: any OutcomeSink) {
        if queue.cancel(requestID, of: sink) { return }
        executor.submit {
            self.assumeIsolated { $0.answerWaiters(with: .failed(.cancelled)) { $0.sink === sink && $0.submission.requestID == requestID } }
        }
    }

    nonisolated func cancelLeases(of sink: any OutcomeSink) {
        queue.cancel(of: sink) { submission in
            if case .outbox(.lease) = submission.command { true } else { false }
        }
    }

    /// What those who wait were to be reminded of is due.
    func ring(for moment: NIODeadline) {
        if alarm == moment { alarm = nil }
        drain()
    }

    /// Runs groups until nothing waits.
    private func drain() {
        while true {
            var groups = queue.take(about: settings.groupLimit)
            if let served = nextServed() { groups.append(served) }
            if groups.isEmpty { break }
            var answers = run(groups)
            // Before anybody hears that it is done.
            if mustEmptyLog && !emptyLog() { Self.withholdEndsOfErasures(from: &answers) }
            for (group, answered) in zip(groups, answers) {
                let ready = keepingWaiters(answered, of: group.sink)
                if !ready.isEmpty { group.sink.deliver(ready) }
            }
            if endIfTerminal() { return }
            checkpoint(afterGroupOf: answers.reduce(0) { $0 + $1.count })
            if slices.isAnyWaiting { runSlice() }
        }
        rest()
        setAlarm()
        _ = endIfTerminal()
    }

    // MARK: a group

    private func run(_ groups: [SubmissionQueue.Group]) -> [[(Submission, Outcome)]] {
        batches += 1
        let begun = settings.uptime()
        var answers = groups.map { group in
            group.submissions.map { ($0, terminalFailure == nil ? Self.outcomeBeforeStart($0, at: begun) : .failed(.unavailable)) }
        }
        requests += UInt64(answers.reduce(0) { $0 + $1.count })
        do throws(GroupFailure) {
            try attempt(&answers) { _ in true }
        } catch {
            recover(from: error, answers: &answers)
        }
        return answers.map { $0.map { ($0.0, $0.1 ?? .failed(.defect)) } }
    }

    private static func outcomeBeforeStart(_ submission: Submission, at now: NIODeadline) -> Outcome? {
        if submission.isCancelled { return .failed(.cancelled) }
        return submission.deadline < now ? .failed(.deadlineExceeded) : nil
    }

    /// Runs the requests that have no outcome yet and that `isIncluded`, in order, as one transaction.
    private func attempt(
        _ answers: inout [[(Submission, Outcome?)]], where isIncluded: (Submission) -> Bool
    ) throws(GroupFailure) {
        touchedSlots.removeAll(keepingCapacity: true)
        unwrittenSlots.removeAll(keepingCapacity: true)
        removedSlots.removeAll()
        structureChanged = false
        hasWritten = false
        outboxTally.begin()
        happened.removeAll(keepingCapacity: true)
        var outcomes = answers
        do throws(StorageFailure) {
            try store.begin()
            try execute(&outcomes, where: isIncluded)
            try writeSlots()
            if !happened.isEmpty { try store.append(happened, behind: lastEvent, at: groupTime) }
        } catch {
            throw GroupFailure(failure: error, duringCommit: false)
        }
        let start = settings.uptime()
        do throws(StorageFailure) {
            try store.commit()
        } catch {
            throw GroupFailure(failure: error, duringCommit: true)
        }
        if hasWritten {
            let took = settings.uptime() - start
            commits += 1
            commitNanoseconds += UInt64(max(0, took.nanoseconds))
            isWritable = true
            settings.metrics?.recordCommit(of: outcomes.reduce(0) { $0 + $1.count }, took: took)
            outboxTally.commit(settings.metrics)
        }
        answers = outcomes
        if !happened.isEmpty {
            eventTail.append(happened, at: groupTime)
            lastEvent += Int64(happened.count)
        }
        if !touchedSlots.isEmpty || !removedSlots.isEmpty, watchers.isAnyWatching {
            watchers.tell(touchedSlots.compactMap { slots[$0] } + removedSlots)
        }
    }

    private func execute(
        _ outcomes: inout [[(Submission, Outcome?)]], where isIncluded: (Submission) -> Bool
    ) throws(StorageFailure) {
        let now = settings.clock()
        groupTime = now
        for group in outcomes.indices {
            for index in outcomes[group].indices where outcomes[group][index].1 == nil && isIncluded(outcomes[group][index].0) {
                let command = outcomes[group][index].0.command
                probeStore(for: command)
                outcomes[group][index].1 = try execute(command, from: outcomes[group][index].0.caller, now: now)
            }
        }
    }

    /// While the store is known not to take writes, a question after its health writes some slot again as it is: otherwise a venue
    /// whose load balancer stopped sending bookings would never learn that there is space again.
    private func probeStore(for command: Command) {
        guard case .health = command, !isWritable, !isRecovering, let slot = slots.first else { return }
        change(slot, was: slot)
    }

    func writeSlots() throws(StorageFailure) {
        for id in unwrittenSlots {
            if let slot = slots[id] { try store.update(slot) }
        }
        unwrittenSlots.removeAll(keepingCapacity: true)
    }

    // MARK: when a group fails

    /// Leaves memory as the disk is, and gives every request the outcome that is certain (DESIGN, section 2).
    private func recover(from failure: GroupFailure, answers: inout [[(Submission, Outcome?)]]) {
        rollBack()
        note(failure)
        isRecovering = true
        defer { isRecovering = false }
        switch failure.failure {
        case .unavailable:
            guard restore() else { break }
            // Writes did not happen, nor did anything that a refusal among them may have rested on.
            settle(&answers, with: .failed(.unavailable)) { $0.command.writes }
            // Reads are run again: they may have seen what has just been rolled back.
            do throws(GroupFailure) {
                try attempt(&answers) { _ in true }
            } catch {
                rollBack()
                note(error)
            }
        case .defect:
            guard restore() else { break }
            // One of them broke a constraint; run each alone, so that only that one suffers.
            runOneByOne(&answers)
        case .deviceFailed, .corrupt:
            break
        }
        settle(&answers, with: .failed(failure.isAmbiguous ? .outcomeUnknown : .unavailable)) { $0.command.writes }
        settle(&answers, with: .failed(.unavailable)) { _ in true }
    }

    private func runOneByOne(_ answers: inout [[(Submission, Outcome?)]]) {
        for group in answers.indices {
            for index in answers[group].indices where answers[group][index].1 == nil {
                var one = [[answers[group][index]]]
                do throws(GroupFailure) {
                    try attempt(&one) { _ in true }
                } catch {
                    rollBack()
                    note(error)
                    one[0][0].1 = .failed(error.isDefect ? .defect : error.isAmbiguous ? .outcomeUnknown : .unavailable)
                }
                answers[group][index] = one[0][0]
                guard terminalFailure == nil, one[0][0].1.isAnswer || restore() else { return }
            }
        }
    }

    private func rollBack() {
        store.rollback()
        // What it had got through may not be done after all; what is done is only looked at again.
        retention = RetentionSweep()
        settings.metrics?.recordRollback()
    }

    private func settle(_ answers: inout [[(Submission, Outcome?)]], with outcome: Outcome, where isIncluded: (Submission) -> Bool) {
        for group in answers.indices {
            for index in answers[group].indices where answers[group][index].1 == nil && isIncluded(answers[group][index].0) {
                answers[group][index].1 = outcome
            }
        }
    }

    /// Takes the counters of the slots that the failed group touched from the database again.
    ///
    /// - Returns: false when even that failed; then the process must end, since the counters can no longer be trusted.
    private func restore() -> Bool {
        do throws(StorageFailure) {
            if structureChanged {
                try reload()
            } else {
                for id in touchedSlots {
                    guard let slot = slots[id], let stored = try store.refreshed(slot) else {
                        throw .corrupt("slot \(id) is in memory but not in the database")
                    }
                    slots.replace(stored)
                }
            }
            touchedSlots.removeAll()
            unwrittenSlots.removeAll()
            structureChanged = false
            return true
        } catch {
            terminalFailure = terminalFailure ?? GroupFailure(failure: error, duringCommit: false)
            return false
        }
    }

    private func reload() throws(StorageFailure) {
        do throws(LedgerStartError) {
            let state = try LedgerState(loading: store, zones: zones)
            organizations = state.organizations
            slots = state.slots
            lastEvent = state.events.newest
        } catch {
            throw .deviceFailed("the counters cannot be read again: \(error)")
        }
    }

    func note(_ failure: GroupFailure) {
        switch failure.failure {
        case .unavailable(let reason):
            if isWritable { settings.onDegraded(reason) }
            isWritable = false
        case .defect(let reason):
            settings.onDefect(reason)
        case .deviceFailed, .corrupt:
            terminalFailure = terminalFailure ?? failure
        }
    }

    /// After a terminal failure: whatever still comes hears that nothing was done, until the process is gone.
    private func endIfTerminal() -> Bool {
        guard let terminalFailure else { return false }
        if !hasEnded { settings.onTerminalFailure(terminalFailure) }
        hasEnded = true
        answerWaiters(with: .failed(.unavailable)) { _ in true }
        while true {
            let groups = queue.take(about: .max)
            if groups.isEmpty { return true }
            for group in groups { group.sink.deliver(group.submissions.map { ($0, .failed(.unavailable)) }) }
        }
    }

    // MARK: what operators see

    /// Bookings of the same group stand in the store already, and the counters must too before anybody compares them.
    func examine() throws(StorageFailure) -> Outcome {
        try writeSlots()
        return .findings(try store.examine())
    }

    /// Leaves the store as one that nobody comes back to; nothing may be asked afterwards.
    func settle() throws(StorageFailure) {
        guard terminalFailure == nil else { return }
        try store.settle()
    }

    func statusOutcome(now: Instant) throws(StorageFailure) -> Outcome {
        let storage = try store.statistics()
        return .status(
            LedgerStatus(
                writable: isWritable, organizations: organizations.count, slots: slots.count, reservations: slots.bookedCount,
                storage: storage, leasedMessages: outboxTally.leased(at: now),
                oldestMessageSeconds: storage.outbox.oldest.map { max(0, now.seconds - $0.seconds) }, requests: requests,
                batches: batches, commits: commits,
                commitMicroseconds: commitNanoseconds / 1000))
    }
}
