import ReservationWire

/// Compares what was answered with what is stored: a figure whose reservations are not all there counts for nothing.
struct Audit: Sendable {
    let administration: Administration
    let venue: Venue
    let before: DaemonStatusResponse

    /// - Returns: the daemon's commits during the run, and the microseconds spent in them.
    func check(_ result: LoadResult, subject: Workload.Subject) async throws(BenchFailure) -> (count: UInt64, microseconds: UInt64) {
        let after = try await administration.status()
        let expected = subject == .create ? result.accepted : 0
        let stored = Int(after.reservationCount) - Int(before.reservationCount)
        guard stored == expected else { throw BenchFailure("\(expected) reservations were accepted, \(stored) are stored") }
        let queued = Int(after.outboxPendingCount) - Int(before.outboxPendingCount)
        guard queued == expected else { throw BenchFailure("\(expected) reservations were accepted, \(queued) confirmations are queued") }
        let booked = try await venue.listSlots().reduce(0) { $0 + Int($1.bookedCount) }
        guard booked == expected else { throw BenchFailure("\(expected) reservations were accepted, the slots count \(booked)") }
        return (after.commitCount - before.commitCount, after.commitTimeMicroseconds - before.commitTimeMicroseconds)
    }
}
