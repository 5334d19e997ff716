import ReservationCore
import StorageFaults

@testable import ReservationDaemon

/// What DESIGN, section 2, says of a fault, held against what the ledger said.
struct FaultPolicy {
    let fault: DiskFault
    let run: LedgerRun
    let hits: [DiskFaultHit]

    private var deviceFails: Bool { DiskError.isDeviceFailure(fault.code) }

    /// A short write may lack only what stood there already.
    private var wasWholeAllTheSame: Bool { fault.operation == .write && fault.passed == .allButLast }

    /// What is wrong, in words.
    func violations() -> [String] {
        guard run.startError == nil else { return run.groups.isEmpty ? [] : ["a ledger that did not start has answered"] }
        var found: [String] = []
        var hasEnded = false
        for (number, group) in run.groups.enumerated() {
            let commands = LedgerScript.groups[number]
            found += violations(in: group, commands, hasEnded: hasEnded).map { "group \(number): \($0)" }
            hasEnded = hasEnded || (deviceFails && endsAt(group))
        }
        return found + toldViolations() + recoveryViolations()
    }

    private func violations(in group: LedgerRun.Group, _ commands: [Command], hasEnded: Bool) -> [String] {
        let writes = zip(commands, group.outcomes).filter { $0.0.writes }.map(\.1)
        let reads = zip(commands, group.outcomes).filter { !$0.0.writes }.map(\.1)
        if hasEnded {
            return group.outcomes.allSatisfy { $0.fault == .unavailable } ? [] : ["answered after the ledger had ended"]
        }
        if group.faults.isEmpty {
            return group.outcomes.allSatisfy { $0.fault == nil } ? [] : ["failed without a fault: \(group.outcomes)"]
        }
        if wasWholeAllTheSame, group.outcomes.allSatisfy({ $0.fault == nil }) { return [] }
        if !deviceFails {
            // A full disk: known not to have happened, and reads go on.
            return (writes.allSatisfy { $0.fault == .unavailable } ? [] : ["writes on a full disk: \(writes)"])
                + (reads.allSatisfy { $0.fault == nil } ? [] : ["reads on a full disk: \(reads)"])
        }
        switch fault.operation {
        case .write, .sync:
            // Within a group only its commit writes.
            return (writes.allSatisfy { $0.fault == .outcomeUnknown } ? [] : ["writes at a failed commit: \(writes)"])
                + (reads.allSatisfy { $0.fault == .unavailable } ? [] : ["reads at a failed commit: \(reads)"])
        default:
            return group.outcomes.allSatisfy { $0.fault == .unavailable } || group.outcomes.allSatisfy { $0.fault == nil }
                ? [] : ["a fault before the commit: \(group.outcomes)"]
        }
    }

    private func endsAt(_ group: LedgerRun.Group) -> Bool {
        group.outcomes.contains { $0.fault != nil } || (!group.laterFaults.isEmpty && !run.told.terminal.isEmpty && isLast(group))
    }

    /// Whether this was the last group before the ledger ended, by what the next ones heard.
    private func isLast(_ group: LedgerRun.Group) -> Bool {
        guard let index = run.groups.firstIndex(where: { $0.answered == group.answered && $0.begun == group.begun }) else { return false }
        return run.groups[(index + 1)...].allSatisfy { $0.outcomes.allSatisfy { $0.fault == .unavailable } }
    }

    private func toldViolations() -> [String] {
        var found: [String] = []
        let told = run.told
        if !told.defects.isEmpty { found.append("taken for a defect: \(told.defects)") }
        if told.terminal.count > 1 { found.append("told to end \(told.terminal.count) times") }
        let isUnknown = run.groups.contains { $0.outcomes.contains { $0.fault == .outcomeUnknown } }
        if isUnknown, told.terminal.first?.isAmbiguous != true { found.append("an unknown outcome, and the process goes on") }
        if !deviceFails, !told.terminal.isEmpty { found.append("a full disk ends the process") }
        if !deviceFails, !wasWholeAllTheSame, !hits.isEmpty, told.degraded == 0, told.checkpointFailures.isEmpty {
            found.append("nobody was told of a full disk")
        }
        // SQLite may do without knowing a size or whether a file is there, never without its bytes.
        let matters: Set<DiskOperation> = [.read, .write, .sync, .truncate]
        if deviceFails, matters.contains(fault.operation), !hits.isEmpty, told.terminal.isEmpty, told.checkpointFailures.isEmpty {
            found.append("nobody was told of a failing device")
        }
        return found
    }

    private func recoveryViolations() -> [String] {
        guard run.told.terminal.isEmpty else { return run.recovery == nil ? [] : ["it went on after its end"] }
        guard let recovery = run.recovery else { return [] }
        var found: [String] = []
        if recovery.booking?.created == nil { found.append("no booking after the disk was well again") }
        if case .health(writable: true) = recovery.health {} else { found.append("not healthy after the disk was well again") }
        if let failure = recovery.checkpointFailure { found.append("no checkpoint after the disk was well again: \(failure)") }
        return found
    }
}
