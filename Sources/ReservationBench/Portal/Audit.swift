import ReservationWire

/// Compares what was answered with what is stored: a figure whose reservations are not all there counts for nothing.
struct Audit: Sendable {
    let administration: Administration
    let venue: Venue
    let before: DaemonStatusResponse

    /// - Returns: the daemon's commits during the run, and the microseconds spent in them.
    func check(_ result: LoadResult, subject: Workload.Subject) async throws(BenchFailure) -> (count: UInt64, microseconds: UInt64) {
        let after = try await administration.status()
        let booked = try await venue.listSlots().reduce(0) { $0 + Int($1.bookedCount) }
        try Self.compare(expected: subject == .create ? result.accepted : 0, before: before, after: after, booked: booked)
        return (after.commitCount - before.commitCount, after.commitTimeMicroseconds - before.commitTimeMicroseconds)
    }

    /// - Parameters:
    ///   - expected: how many reservations were accepted.
    ///   - booked: what the run's slots count.
    static func compare(
        expected: Int, before: DaemonStatusResponse, after: DaemonStatusResponse, booked: Int
    ) throws(BenchFailure) {
        let stored = Int(after.reservationCount) - Int(before.reservationCount)
        guard stored == expected else { throw BenchFailure("\(expected) reservations were accepted, \(stored) are stored") }
        let queued = Int(after.outboxPendingCount) - Int(before.outboxPendingCount)
        guard queued == expected else { throw BenchFailure("\(expected) reservations were accepted, \(queued) confirmations are queued") }
        guard booked == expected else { throw BenchFailure("\(expected) reservations were accepted, the slots count \(booked)") }
    }
}
