import ReservationCore
import StorageFaults
import Testing

@testable import ReservationStore

@Suite("Power cuts")
struct PowerCutTests {
    @Test("whenever the power fails or the process is killed: what was acknowledged is there, no batch is in part, the database is sound")
    func everyMoment() async throws {
        let trial = try await trial(ScriptRun())
        #expect(trial.violations.isEmpty, "\(trial.violations.count): \(trial.violations.prefix(5))")
        print("power cuts of the store: \(trial)")
    }

    @Test("a disk that says it has synced and has not is noticed")
    func lyingDisk() async throws {
        let trial = try await trial(ScriptRun(), liesAboutSyncs: true)
        #expect(trial.violations.contains { $0.contains("was acknowledged and is lost") })
    }

    @Test("a store that answers before its commit is noticed")
    func earlyAnswer() async throws {
        let trial = try await trial(ScriptRun(answersEarly: true))
        #expect(trial.violations.contains { $0.contains("was acknowledged and is lost") })
    }

    @Test("a store that does not sync at each commit is noticed")
    func synchronousNormal() async throws {
        let trial = try await trial(ScriptRun(setting: "PRAGMA synchronous = NORMAL"))
        #expect(trial.violations.contains { $0.contains("was acknowledged and is lost") })
    }

    @Test("the power may fail again while the next process starts and stops: the one after it has everything still")
    func again() async throws {
        let (run, recording) = try record(ScriptRun())
        var cuts = 0
        let trial = await PowerCutTrial(recording, step: 29) { events, survivor in
            let disk = SimulatedDisk(survivor)
            disk.record()
            do { _ = try BookingScript.open(disk) } catch { return ["\(error)"] }
            let second = await PowerCutTrial(disk.recording) { _, left in run.expectation(after: events).violations(on: left) }
            cuts += second.disks
            return second.violations
        }
        #expect(trial.violations.isEmpty, "\(trial.violations.count): \(trial.violations.prefix(5))")
        print("second power cuts: \(trial), then \(cuts)")
    }

    @Test("whenever the power fails while a database is made: the next start makes it, or finishes making it")
    func creation() async throws {
        let disk = SimulatedDisk()
        disk.record()
        do { _ = try BookingScript.open(disk) }
        let trial = await PowerCutTrial(disk.recording) { _, survivor in BookingScript.usability(of: survivor) }
        #expect(trial.violations.isEmpty, "\(trial.violations.count): \(trial.violations.prefix(5))")
        print("power cuts while a database is made: \(trial)")
    }

    /// Runs the script once and lets the power fail at every moment of it.
    private func trial(_ script: ScriptRun, liesAboutSyncs: Bool = false) async throws -> PowerCutTrial {
        let (run, recording) = try record(script, liesAboutSyncs: liesAboutSyncs)
        return await PowerCutTrial(recording) { events, survivor in run.expectation(after: events).violations(on: survivor) }
    }

    private func record(_ script: ScriptRun, liesAboutSyncs: Bool = false) throws -> (ScriptRun, DiskRecording) {
        var run = script
        var prepared = DiskState(try BookingScript.prepared().powerCut(.everything))
        prepared.liesAboutSyncs = liesAboutSyncs
        let disk = SimulatedDisk(prepared)
        disk.record()
        run.run(on: disk)
        try #require(run.expectation.stored.count == BookingScript.batches.count - 1)
        return (run, disk.recording)
    }
}
