import ReservationCore
import StorageFaults
import Testing

@testable import ReservationDaemon

/// The whole ledger on a disk that fails, held to the table of DESIGN, section 2.
@Suite("A ledger and faults at every operation")
struct LedgerFaultTests {
    @Test(
        "whichever operation fails, once or for good: callers hear what is certain, and the next process has exactly that",
        arguments: DiskOperation.allCases)
    func script(operation: DiskOperation) async throws {
        let prepared = try await LedgerScript.prepared()
        let healthy = SimulatedDisk(prepared)
        healthy.setFault(nil)
        let reference = await LedgerRun(on: healthy)
        try #require(reference.groups.count == LedgerScript.groups.count, "\(String(describing: reference.startError))")
        let faults = DiskFault.all(upTo: healthy.counts).filter { $0.operation == operation }
        var violations: [String] = []
        for fault in faults {
            let disk = SimulatedDisk(prepared)
            disk.setFault(fault)
            let run = await LedgerRun(on: disk, healsAtEnd: true)
            violations += FaultPolicy(fault: fault, run: run, hits: disk.hits).violations().map { "\(fault): \($0)" }
            violations += await run.expectation.violations(on: run.killed).map { "\(fault): \($0)" }
        }
        #expect(violations.isEmpty, "\(violations.count): \(violations.prefix(5))")
        print("ledger, \(operation.rawValue): \(faults.count) faults, \(2 * faults.count) restarts")
    }

    @Test("whenever the power fails or the process is killed: the next process has what was answered, and each repeat acts once")
    func everyMoment() async throws {
        let trial = try await trial(liesAboutSyncs: false)
        #expect(trial.violations.isEmpty, "\(trial.violations.count): \(trial.violations.prefix(5))")
        print("power cuts of the ledger: \(trial)")
    }

    @Test("a disk that says it has synced and has not is noticed")
    func lyingDisk() async throws {
        let trial = try await trial(liesAboutSyncs: true)
        #expect(trial.violations.contains { $0.contains("lost although it was acknowledged") })
    }

    @Test("a ledger whose commits are not synced is noticed")
    func synchronousNormal() async throws {
        let trial = try await trial(setting: "PRAGMA synchronous = NORMAL")
        #expect(trial.violations.contains { $0.contains("lost although it was acknowledged") })
    }

    /// Runs the script once and lets the power fail at every moment of it.
    private func trial(liesAboutSyncs: Bool = false, setting: String? = nil) async throws -> PowerCutTrial {
        var prepared = DiskState(try await LedgerScript.prepared().powerCut(.everything))
        prepared.liesAboutSyncs = liesAboutSyncs
        let disk = SimulatedDisk(prepared)
        disk.record()
        let run = await LedgerRun(on: disk, setting: setting)
        return await PowerCutTrial(disk.recording) { events, survivor in
            await run.expectation(after: events).violations(on: survivor)
        }
    }
}
