import Dispatch
import Glibc
import NIOCore
import ReservationCore
import ReservationStore
import Synchronization

// What upkeep's own thread does.

extension Upkeep {
    /// Makes a verified backup.
    ///
    /// - Throws: in which case nothing of it is left.
    func backUp(to destination: BackupDestination, keep: Int?, asked: NIODeadline) throws(UpkeepFailure) -> BackupState.Made {
        PartialFile.removeLeftovers(in: destination.directory)
        let file = try PartialFile(in: destination.directory, for: destination.name)
        setPartial(file.path)
        defer { setPartial(nil) }
        do throws(UpkeepFailure) {
            note(.copying)
            let snapshotAt = try copy(into: file) { self.note(.copying, $0) }
            note(.verifying)
            let contents = try examined(file)
            let failed = contents.findings.filter { !$0.passed }
            guard failed.isEmpty else {
                throw UpkeepFailure(
                    "The copy did not pass its checks, so it was not kept: "
                        + failed.map { "\($0.check): \($0.detail)" }.joined(separator: "; ")
                        + ". Run reservationctl doctor, and keep the older backups.")
            }
            if cancellation.isCancelled { throw .stopped }
            try file.place(at: destination.path)
            let removed = keep.map { destination.removeOlder(keeping: $0) } ?? 0
            return BackupState.Made(
                snapshotAt: snapshotAt, reservations: contents.reservations, lastReservation: contents.lastReservation,
                bytes: contents.bytes, milliseconds: Int((NIODeadline.now() - asked).nanoseconds / 1_000_000), removed: removed)
        } catch {
            file.discard()
            throw error
        }
    }

    /// Examines a copy of the store as it is now.
    ///
    /// - Parameter command: ``Command/repair`` repairs first.
    func examine(repairing command: Command) -> Outcome {
        var findings: [Finding] = []
        if case .repair = command {
            guard case .findings(let repaired) = RepairOrder().outcome(by: ledger) else { return .failed(.unavailable) }
            findings = repaired
        }
        do throws(UpkeepFailure) {
            findings += try examineCopy()
            return .findings(findings)
        } catch {
            if cancellation.isCancelled { return .failed(.unavailable) }
            return .findings(findings + [Finding(check: "a copy of the database can be examined", passed: false, detail: error.message)])
        }
    }

    private func examineCopy() throws(UpkeepFailure) -> [Finding] {
        let path = database.hasPrefix("/") ? database : "./\(database)"
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let directory = slash == path.startIndex ? "/" : String(path[..<slash])
        PartialFile.removeLeftovers(in: directory)
        let file = try PartialFile(in: directory, for: "examination")
        setPartial(file.path)
        defer {
            file.discard()
            setPartial(nil)
        }
        _ = try copy(into: file) { _ in }
        return try examined(file).findings
    }

    private func copy(into file: PartialFile, report: (CopyProgress) -> Void) throws(UpkeepFailure) -> Instant {
        try LiveCopy(ledger: ledger, cancellation: cancellation, pace: pace).run(into: file, report: report)
    }

    private func examined(_ file: PartialFile) throws(UpkeepFailure) -> CopiedDatabase.Contents {
        do throws(StorageFailure) {
            return try CopiedDatabase(path: file.path).examine(cancellation: cancellation)
        } catch {
            if cancellation.isCancelled { throw .stopped }
            let hasSpace = PartialFile.freeBytes(in: file.directory).map { $0 >= 1 << 16 } ?? true
            throw UpkeepFailure(error, copyingInto: file.directory, hasSpace: hasSpace)
        }
    }
}

/// Has the ledger repair its counters, among bookings, and waits for it.
private final class RepairOrder: OutcomeSink {
    private let answer = Mutex<Outcome?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    func deliver(_ answered: [(Submission, Outcome)]) {
        answer.withLock { $0 = answered.first?.1 }
        isThere.signal()
    }

    func outcome(by ledger: Ledger) -> Outcome {
        let submission = Submission(
            requestID: 0, opcode: .daemonDoctor, encoding: .none, command: .repair, deadline: .distantFuture, receivedAt: .now())
        guard ledger.submit([submission], for: self) else { return .failed(.overloaded) }
        isThere.wait()
        return answer.withLock { $0 } ?? .failed(.defect)
    }
}
