import ReservationWire
import Testing

@testable import ReservationBench

@Suite("The audit of a run")
struct AuditTests {
    private func status(reservations: UInt64, queued: UInt64) -> DaemonStatusResponse {
        DaemonStatusResponse(
            instanceID: 1, writable: true, uptimeSeconds: 1, softwareVersion: "1", organizationCount: 1, slotCount: 1, ticketCount: 100,
            reservationCount: reservations, outboxPendingCount: queued, connectionCount: 1, queueDepth: 0, requestCount: 1, batchCount: 1,
            commitCount: 1, commitTimeMicroseconds: 1, databaseBytes: 1, outboxSentCount: 0, outboxFailedCount: 0)
    }

    @Test("passes when every accepted reservation is stored, queued and counted")
    func agreement() throws {
        try Audit.compare(
            expected: 90, before: status(reservations: 5, queued: 5), after: status(reservations: 95, queued: 95), booked: 90)
    }

    @Test(
        "fails when one is missing anywhere or too many",
        arguments: [(94, 95, 90), (95, 94, 90), (95, 95, 89), (96, 95, 90)] as [(UInt64, UInt64, Int)])
    func disagreement(reservations: UInt64, queued: UInt64, booked: Int) {
        #expect(throws: BenchFailure.self) {
            try Audit.compare(
                expected: 90, before: status(reservations: 5, queued: 5), after: status(reservations: reservations, queued: queued),
                booked: booked)
        }
    }
}
