/// What SQLite asks of the operating system.
package enum DiskOperation: String, CaseIterable, Sendable {
    case open, read, write, sync, truncate, delete, access, fileSize, lock
}

/// How many of the bytes pass before a fault: a short write, or a read that breaks off.
package enum PassedBytes: Sendable {
    case none, half, allButLast

    func count(of bytes: Int) -> Int {
        switch self {
        case .none: 0
        case .half: bytes / 2
        case .allButLast: bytes - 1
        }
    }
}

/// A fault that a disk has in stock.
package struct DiskFault: Sendable, CustomStringConvertible {
    package var operation: DiskOperation
    /// How many of these operations succeed first.
    package var position: Int
    /// What the next one reports.
    package var code: Int32
    package var passed = PassedBytes.none
    /// Whether all later ones fail as well; otherwise the disk is well after the first.
    package var isLasting = false
    /// What a failed sync brought to the disk all the same. The rest is never written, although it can still be read: Linux counts a
    /// page as clean after its writing has failed, and no later sync tries again.
    package var survival = Survival.nothing

    package init(
        _ operation: DiskOperation, at position: Int = 0, code: Int32, passed: PassedBytes = .none, isLasting: Bool = false,
        survival: Survival = .nothing
    ) {
        self.operation = operation
        self.position = position
        self.code = code
        self.passed = passed
        self.isLasting = isLasting
        self.survival = survival
    }

    package var description: String {
        "\(operation) \(position + 1) \(isLasting ? "and later" : "once"): SQLite \(code), \(passed) of its bytes pass"
            + (operation == .sync ? ", \(survival) survives" : "")
    }
}

/// A fault that happened.
package struct DiskFaultHit: Sendable {
    package let operation: DiskOperation
    /// What the file's name adds to the database's: nothing, `-wal` or `-journal`.
    package let name: String
}

extension DiskFault {
    /// Every fault that an operation can report, at each of its first `counts` occurrences, once and from then on.
    package static func all(upTo counts: [DiskOperation: Int]) -> [DiskFault] {
        var faults: [DiskFault] = []
        for operation in DiskOperation.allCases {
            for kind in kinds(of: operation) {
                for position in 0..<(counts[operation] ?? 0) {
                    for isLasting in [false, true] {
                        var fault = kind
                        fault.position = position
                        fault.isLasting = isLasting
                        faults.append(fault)
                    }
                }
            }
        }
        return faults
    }

    private static func kinds(of operation: DiskOperation) -> [DiskFault] {
        switch operation {
        case .open: [DiskFault(.open, code: DiskError.cannotOpen)]
        case .read:
            [
                DiskFault(.read, code: DiskError.fileSystemRead),
                // SQLITE_IOERR_SHORT_READ would say that the file ends there; SQLite reads on until it ends or fails.
                DiskFault(.read, code: DiskError.read, passed: .half),
            ]
        case .write:
            [
                DiskFault(.write, code: DiskError.write), DiskFault(.write, code: DiskError.write, passed: .half),
                DiskFault(.write, code: DiskError.full), DiskFault(.write, code: DiskError.full, passed: .half),
                DiskFault(.write, code: DiskError.full, passed: .allButLast),
            ]
        case .sync:
            [
                DiskFault(.sync, code: DiskError.sync), DiskFault(.sync, code: DiskError.sync, survival: .everything),
                DiskFault(.sync, code: DiskError.sync, survival: .sectors),
            ]
        case .truncate: [DiskFault(.truncate, code: DiskError.truncate)]
        case .delete: [DiskFault(.delete, code: DiskError.delete), DiskFault(.delete, code: DiskError.directorySync)]
        case .access: [DiskFault(.access, code: DiskError.access)]
        case .fileSize: [DiskFault(.fileSize, code: DiskError.fileStatus)]
        case .lock: [DiskFault(.lock, code: DiskError.lock), DiskFault(.lock, code: DiskError.busy)]
        }
    }
}
