import Glibc
import NIOCore
import Testing

@testable import ReservationBench

@Suite("A run")
struct LoadRunTests {
    private func run(_ count: Int, _ pace: Pace, seconds: Double? = nil, against server: HTTPStandIn) throws -> LoadResult {
        let workload = Workload(subject: .empty, organization: 1, month: "2027-01", slots: [1], tickets: [(1, "TKT-2026-ABC123-DEF456")])
        let lanes = try Connecting.httpLanes(
            1, endpoint: .tcp(host: "127.0.0.1", port: server.port), book: workload.httpRequests(count))
        return try LoadRun(lanes: lanes, total: count, pace: pace, seconds: seconds).run()
    }

    @Test("counts every answer, and refusals by their status")
    func counts() throws {
        let result = try run(100, .inFlight(1), against: HTTPStandIn { $0 % 10 == 9 ? 409 : 200 })
        #expect(result.answered == 100)
        #expect(result.accepted == 90)
        #expect(result.refusals == [409: 10])
        #expect(result.latencies.count == 100)
    }

    @Test("at a fixed rate counts a server's pause for every request that was due meanwhile")
    func coordinatedOmission() throws {
        let server = HTTPStandIn { number in
            if number == 0 { usleep(300_000) }
            return 200
        }
        // 200 requests are due within the first 200 ms, so each waits at least 100 ms for the end of the pause.
        let latencies = Latencies(try run(200, .perSecond(1000), against: server).latencies)
        #expect(latencies.p50 >= 100_000)
        #expect(latencies.max >= 300_000)
    }

    @Test("with callers that wait counts a server's pause once")
    func closedLoop() throws {
        let server = HTTPStandIn { number in
            if number == 0 { usleep(300_000) }
            return 200
        }
        let latencies = Latencies(try run(200, .inFlight(1), against: server).latencies)
        #expect(latencies.p50 < 100_000)
        #expect(latencies.max >= 300_000)
    }

    @Test("stops sending when its time is over")
    func timeLimit() throws {
        let result = try run(1_000_000, .inFlight(1), seconds: 0.05, against: HTTPStandIn { _ in 200 })
        #expect(result.answered > 0)
        #expect(result.answered < 1_000_000)
        #expect(result.latencies.count == result.answered)
    }

    @Test("fails when a server leaves with requests unanswered")
    func desertion() {
        // A status that is no number is no answer.
        #expect(throws: BenchFailure.self) { try run(10, .inFlight(1), against: HTTPStandIn { _ in -1 }) }
    }
}
