import ReservationCore
import StorageFaults

@testable import ReservationDaemon
@testable import ReservationStore

/// One life of a ledger under the script, and what it answered.
struct LedgerRun: Sendable {
    struct Group: Sendable {
        var outcomes: [Outcome]
        /// How many events the disk had recorded when the group was handed in and when it was answered.
        var begun: Int
        var answered: Int
        /// Faults until the answer, and after it, while the ledger was tidying up.
        var faults: ArraySlice<DiskFaultHit>
        var laterFaults: ArraySlice<DiskFaultHit>
    }

    private(set) var groups: [Group] = []
    private(set) var told = LedgerLife.Told()
    /// Why the ledger did not start.
    private(set) var startError: (any Error)?
    /// What a healthy disk found out after the last group; nil when the ledger had ended.
    private(set) var recovery: Recovery?
    /// The disk as the killed process leaves it.
    private(set) var killed: DiskState

    struct Recovery: Sendable {
        var booking: Outcome?
        var health: Outcome?
        var checkpointFailure: StorageFailure?
    }

    init(on disk: SimulatedDisk, setting: String? = nil, healsAtEnd: Bool = false) async {
        do {
            let life = try LedgerLife(disk, setting: setting)
            for commands in LedgerScript.groups {
                let (begun, earlier) = (disk.eventCount, disk.hits.count)
                let answer = await life.ask(commands)
                let hits = disk.hits
                groups.append(
                    Group(
                        outcomes: answer.outcomes, begun: begun, answered: answer.events, faults: hits[earlier..<answer.faults],
                        laterFaults: hits[answer.faults...]))
            }
            if healsAtEnd {
                disk.setFault(nil)
                if life.told.terminal.isEmpty {
                    recovery = Recovery(booking: await life.ask(LedgerScript.recovery))
                    recovery?.health = await life.ask(.health)
                    recovery?.checkpointFailure = await life.ledger.lastCheckpointFailure
                }
            }
            told = life.told
            killed = disk.state
        } catch {
            startError = error
            disk.setFault(nil)
            killed = disk.state
        }
    }

    var expectation: LedgerExpectation {
        var expectation = LedgerExpectation()
        for (group, run) in groups.enumerated() {
            for (index, outcome) in run.outcomes.enumerated() { expectation.add(group, index, LedgerExpectation.Fate(outcome)) }
        }
        expectation.recovered = recovery?.booking?.created == nil ? 0 : 1
        return expectation
    }

    /// What must be there when the power failed after so many events.
    func expectation(after events: Int) -> LedgerExpectation {
        var expectation = LedgerExpectation()
        for (group, run) in groups.enumerated() {
            for (index, outcome) in run.outcomes.enumerated() {
                let fate: LedgerExpectation.Fate =
                    events >= run.answered ? LedgerExpectation.Fate(outcome) : events <= run.begun ? .notStored : .unknown
                expectation.add(group, index, fate)
            }
        }
        return expectation
    }
}
