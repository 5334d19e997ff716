import ReservationCore
import StorageFaults
import Testing

@testable import ReservationStore

/// SQLite's own way of testing: make each call to the operating system fail in turn, and look at what is left.
/// <https://sqlite.org/testing.html#i_o_error_testing>
@Suite("Faults at every operation")
struct EveryFaultTests {
    @Test(
        "whichever operation fails, once or for good: what was acknowledged is there, nothing else is, and the database is sound",
        arguments: DiskOperation.allCases)
    func script(operation: DiskOperation) async throws {
        let prepared = try BookingScript.prepared()
        let counts = try healthyCounts(on: prepared)
        let faults = DiskFault.all(upTo: counts).filter { $0.operation == operation }
        var violations: [String] = []
        var reopened = 0
        for fault in faults {
            // Other tests wait for things with a limit of time.
            await Task.yield()
            let disk = SimulatedDisk(prepared)
            disk.setFault(fault)
            var run = ScriptRun()
            run.run(on: disk)
            disk.setFault(nil)
            violations += policyViolations(run, fault, disk).map { "\(fault): \($0)" }
            for (state, end) in [(run.killed, "killed"), (disk.state, "closed")] {
                guard let state else { continue }
                reopened += 2
                violations += run.expectation.violations(on: state).map { "\(fault), then \(end): \($0)" }
            }
        }
        #expect(violations.isEmpty, "\(violations.count): \(violations.prefix(5))")
        print("store, \(operation.rawValue): \(faults.count) faults, \(reopened) reopenings")
    }

    @Test(
        "whichever operation fails while a database is made: the next start makes it, or finishes making it",
        arguments: DiskOperation.allCases)
    func creation(operation: DiskOperation) async throws {
        let healthy = SimulatedDisk()
        healthy.setFault(nil)
        do { _ = try BookingScript.open(healthy) }
        let faults = DiskFault.all(upTo: healthy.counts).filter { $0.operation == operation }
        for fault in faults {
            await Task.yield()
            let disk = SimulatedDisk()
            disk.setFault(fault)
            do { _ = try BookingScript.open(disk) } catch {}
            disk.setFault(nil)
            let problems = BookingScript.usability(of: disk.state)
            #expect(problems == [], "\(fault)")
        }
        print("store, \(operation.rawValue) while it is made: \(faults.count) faults")
    }

    private func healthyCounts(on prepared: DiskState) throws -> [DiskOperation: Int] {
        let disk = SimulatedDisk(prepared)
        disk.setFault(nil)
        var run = ScriptRun()
        run.run(on: disk)
        try #require(run.expectation.stored.count == BookingScript.batches.count - 1, "\(run)")
        return disk.counts
    }

    /// DESIGN, section 2: what the store says of a fault decides what callers hear.
    private func policyViolations(_ run: ScriptRun, _ fault: DiskFault, _ disk: SimulatedDisk) -> [String] {
        var found: [String] = []
        for failure in [run.failure, run.checkpointFailure].compactMap(\.self) {
            switch failure {
            case .deviceFailed where DiskError.isDeviceFailure(fault.code): break
            // By SQLite's own decision a sector that cannot be read is a damaged file.
            case .corrupt where fault.code == DiskError.fileSystemRead: break
            case .unavailable where !DiskError.isDeviceFailure(fault.code): break
            default: found.append("reported as \(failure)")
            }
        }
        if !DiskError.isDeviceFailure(fault.code), run.fates.values.contains(.unknown) { found.append("a full disk is certain") }
        return found
    }
}
