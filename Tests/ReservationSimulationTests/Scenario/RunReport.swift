import NIOCore

@testable import ReservationClient

/// What came of a run.
struct RunReport: Sendable {
    var seed: UInt64 = 0
    var violations: [String] = []
    var trace = Trace()
    var remains = Remains()
    var counts = Counts()

    /// How often each kind of thing was seen.
    struct Counts: Sendable {
        var seeds = 0, calls = 0, answers = 0, replays = 0, refusals = 0, unknown = 0, failures = 0
        var restarts = 0, crashes = 0, drains = 0, drops = 0, faults = 0, full = 0, cancelled = 0, overloaded = 0
        var cancellations = 0, moves = 0
        var watches = 0, interruptions = 0, changes = 0
        var leases = 0, lapses = 0, postponed = 0, lateReports = 0, duplicates = 0
    }

    mutating func count(_ records: [CallRecord], drops: Int, faults: Int) {
        counts.seeds = 1
        counts.drops = drops
        counts.faults = faults
        for entry in trace.entries {
            switch entry.event {
            case .kill: counts.crashes += 1
            case .drain: counts.drains += 1
            case .restart: counts.restarts += 1
            default: break
            }
        }
        for record in records {
            counts.calls += 1
            if record.isUnknown { counts.unknown += 1 }
            switch record.outcome {
            case .response(_, _, let replayed):
                counts.answers += 1
                if replayed { counts.replays += 1 }
                switch record.plan.action {
                case .cancel: counts.cancellations += 1
                case .move: counts.moves += 1
                default: break
                }
            case .refused(let status, _):
                counts.refusals += 1
                if status == .slotFull { counts.full += 1 }
                if status == .overloaded { counts.overloaded += 1 }
            case .failed(let error):
                counts.failures += 1
                if error.code == .cancelled { counts.cancelled += 1 }
            case nil: break
            }
        }
    }
}

extension RunReport {
    mutating func count(_ mailers: SimulatedMailers) {
        counts.leases = mailers.leases
        counts.lapses = mailers.lapses
        counts.postponed = mailers.retries
        counts.lateReports = mailers.lateReports
        counts.duplicates = mailers.duplicates
    }
}

extension RunReport.Counts {
    static func += (left: inout Self, right: Self) {
        left.seeds += right.seeds
        left.calls += right.calls
        left.answers += right.answers
        left.replays += right.replays
        left.refusals += right.refusals
        left.unknown += right.unknown
        left.failures += right.failures
        left.restarts += right.restarts
        left.crashes += right.crashes
        left.drains += right.drains
        left.drops += right.drops
        left.faults += right.faults
        left.full += right.full
        left.cancelled += right.cancelled
        left.overloaded += right.overloaded
        left.cancellations += right.cancellations
        left.moves += right.moves
        left.watches += right.watches
        left.interruptions += right.interruptions
        left.changes += right.changes
        left.leases += right.leases
        left.lapses += right.lapses
        left.postponed += right.postponed
        left.lateReports += right.lateReports
        left.duplicates += right.duplicates
    }
}
