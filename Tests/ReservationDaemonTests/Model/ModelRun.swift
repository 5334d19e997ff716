import Foundation
import ReservationCore

@testable import ReservationDaemon

/// One sequence of steps, run against a ledger and the model side by side.
final class ModelRun {
    private let ledger: LedgerUnderTest
    private var model: ReferenceModel
    private var resolver: CommandResolver
    /// What may be on the disk; more than one only after an unknown outcome, until a restart shows which.
    private var possible: [ReferenceModel]
    private var stepsSinceWholeView = 0
    private var recordsBeforeRestart: Set<IdempotencyKey> = []
    private(set) var coverage = ModelCoverage()

    private init(words: ModelVocabulary, ledger: LedgerUnderTest) {
        self.ledger = ledger
        model = ReferenceModel(words: words)
        resolver = CommandResolver(words: words)
        possible = [model]
    }

    /// Runs the steps on a database of their own.
    ///
    /// - Returns: what was seen, and where and how ledger and model parted, if they did.
    static func run(
        _ steps: [ModelStep], in folder: ModelFolder, mutation: Mutation? = nil
    ) throws -> (coverage: ModelCoverage, failure: ModelFailure?) {
        let directory = try folder.freshDatabase()
        defer { folder.remove(directory) }
        let ledger = try LedgerUnderTest(directory: directory, mutation: mutation)
        let run = ModelRun(words: folder.words, ledger: ledger)
        var taken = 0
        do {
            for step in steps {
                try run.take(step)
                taken += 1
            }
            // What the last steps did must be on the disk too.
            try run.restart()
            return (run.coverage, nil)
        } catch {
            let reason = (error as? Disagreement)?.text ?? "\(error)"
            return (run.coverage, ModelFailure(step: min(taken, steps.count - 1), reason: reason))
        }
    }

    private func take(_ step: ModelStep) throws {
        switch step {
        case .clock(let minutes):
            model.now = Instant(seconds: ModelVocabulary.monday + Int64(minutes) * 60)
            ledger.set(model.now)
            model.sweepIsDue = true
            for index in possible.indices { possible[index].now = model.now }
        case .restart: try restart()
        case .group(let commands, let connections, let fault):
            let requests = resolver.resolve(commands, in: model)
            if !requests.isEmpty { try ask(requests, connections: connections, fault: fault) }
        }
    }

    // MARK: a group

    private func ask(_ requests: [ModelRequest], connections: Int, fault: ModelFault) throws {
        let doom = prepare(fault)
        model.doomedTicket = doom?.ticket
        let planned = ledger.plan.remainingCommitFailures
        let outcomes = try ledger.ask(requests, connections: connections)
        let isHit = ledger.plan.remainingCommitFailures < planned
        let prediction = model.predict(requests, fault: groupFault(fault, isHit: isHit), recording: doom?.fault)
        if prediction.mustCommit && planned > 0 && !isHit { throw Disagreement("a group with changes is answered without a commit") }
        if isHit && fault == .diskFullAndUnreadable && prediction.mustRestore && !ledger.hasEnded {
            throw Disagreement("counters that could not be restored are decided upon")
        }
        note(fault, isHit: isHit, connections: connections, mustRestore: prediction.mustRestore)
        adopt(prediction)
        for (index, outcome) in outcomes.enumerated() {
            do throws(Disagreement) {
                try model.compare(outcome, with: prediction.answers[index])
            } catch {
                throw Disagreement("command \(index) of the group, \(requests[index].command),\n  \(error.text)")
            }
            coverage.count(outcome)
            if case .create(_, let key?) = requests[index].command, case .replayed = outcome, recordsBeforeRestart.contains(key) {
                coverage.count(.replayedAfterRestart)
            }
            if case .replayedMove(let number, _) = prediction.answers[index] {
                coverage.count(model.isLatest(number) ? .replayedMove : .replayedMoveOfFormer)
            }
        }
        if model.hasEnded != ledger.hasEnded { throw Disagreement("the process must \(model.hasEnded ? "" : "not ")be told to end") }
        clear(fault, doomed: doom?.ticket)
        guard !model.hasEnded else { return }
        try look(after: requests, isSuspect: isHit || doom != nil)
    }

    /// - Returns: for which ticket recording fails, and how, when it is to fail.
    private func prepare(_ fault: ModelFault) -> (ticket: TicketID, fault: RecordingFault)? {
        switch fault {
        case .none: return nil
        case .diskFull(let commits):
            ledger.plan.failCommits(Array(repeating: .unavailable("disk full"), count: commits))
        case .diskFullAndUnreadable:
            ledger.plan.failCommits([.unavailable("disk full")])
            ledger.plan.failRefreshing(with: .deviceFailed("read"))
        case .deviceFails(let storedAnyway): ledger.plan.failCommits([.deviceFailed("fsync")], storedAnyway: storedAnyway)
        case .recording(let pick, let kind):
            // One fault at a time: what two of them do to a group depends on how the ledger divides it.
            guard ledger.plan.remainingCommitFailures == 0 else { return nil }
            let ticket = resolver.ticket(pick, in: model).id
            ledger.plan.failRecording(ticket, with: kind.failure)
            return (ticket, kind)
        }
        return nil
    }

    private func groupFault(_ fault: ModelFault, isHit: Bool) -> GroupFault {
        guard isHit else { return .none }
        switch fault {
        case .deviceFails: return .commitFailed
        case .diskFullAndUnreadable: return ledger.hasEnded ? .restoreFailed : .commitUnavailable
        case .none, .diskFull, .recording: return .commitUnavailable
        }
    }

    private func clear(_ fault: ModelFault, doomed ticket: TicketID?) {
        if let ticket { ledger.plan.failRecording(ticket, with: nil) }
        switch fault {
        case .none, .diskFull, .recording: break
        case .diskFullAndUnreadable, .deviceFails:
            // A device fails in its own group or not at all.
            ledger.plan.failCommits([])
            ledger.plan.failRefreshing(with: nil)
        }
    }

    private func adopt(_ prediction: GroupPrediction) {
        // Once ended, the ledger changes nothing more: what may be on the disk stays what it was.
        if !model.hasEnded { possible = prediction.possible }
        model = prediction.model
        guard model.sweepIsDue, model.isWritable, !model.hasEnded else { return }
        let (before, messages) = (model.tables.records.count, model.tables.messages.count)
        model.sweep(limit: LedgerUnderTest.sweepLimit)
        if model.tables.records.count < before { coverage.count(.forgotRecords) }
        if model.tables.messages.count < messages { coverage.count(.forgotMessages) }
        model.sweepIsDue = false
        possible = [model]
    }

    private func note(_ fault: ModelFault, isHit: Bool, connections: Int, mustRestore: Bool) {
        if connections > 1 { coverage.count(.sharedByConnections) }
        guard isHit else { return }
        if ledger.hasEnded { coverage.count(fault == .diskFullAndUnreadable ? .couldNotRestore : .endedByFault) }
        if mustRestore && !ledger.hasEnded { coverage.count(.restoredCounters) }
    }

    // MARK: state

    /// After every group what it was about, and now and then everything.
    private func look(after requests: [ModelRequest], isSuspect: Bool) throws {
        stepsSinceWholeView += 1
        guard isSuspect || stepsSinceWholeView >= 50 else { return try look(model.question(about: requests)) }
        stepsSinceWholeView = 0
        try look(model.wholeQuestion(keys: resolver.keys))
    }

    private func look(_ question: LedgerQuestion) throws {
        let view = try ledger.look(question)
        try model.compare(view, question)
        // A slot that was removed is told as one that is closed.
        let removed = Set(model.tables.removedSlots.map(\.id))
        let told = ledger.picture.values.filter { !removed.contains($0.id) || $0.status != .closed }
        guard told.sorted(by: { $0.id < $1.id }) == view.slots else {
            throw Disagreement("who watches was told of \(ledger.picture.values.filter { !view.slots.contains($0) }), not of \(view.slots)")
        }
        possible = [model]
    }

    /// Opens the database again. After an unknown outcome the group must be there whole or not at all.
    private func restart() throws {
        coverage.count(.restarted)
        try ledger.restart()
        var reasons: [String] = []
        for (index, candidate) in possible.enumerated() {
            var found = candidate
            (found.isWritable, found.hasEnded, found.sweepIsDue) = (true, false, true)
            found.forgottenUpTo = nil
            let question = found.wholeQuestion(keys: resolver.keys)
            let view = try ledger.look(question)
            do throws(Disagreement) {
                try found.compare(view, question)
            } catch {
                reasons.append(error.text)
                continue
            }
            if possible.count > 1 { coverage.count(index == 0 ? .foundNotStored : .foundStored) }
            model = found
            possible = [found]
            recordsBeforeRestart = Set(found.tables.records.map(\.key))
            return
        }
        throw Disagreement("after a restart: " + reasons.joined(separator: "\nand, had the group been stored: "))
    }
}

/// Where and how a run failed.
struct ModelFailure: Error {
    /// From 0.
    var step: Int
    var reason: String
}

extension RecordingFault {
    fileprivate var failure: StorageFailure {
        switch self {
        case .defect: .defect("constraint")
        case .unavailable: .unavailable("disk full")
        case .deviceFailed: .deviceFailed("write")
        case .corrupt: .corrupt("page")
        }
    }
}
