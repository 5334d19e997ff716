import ReservationWire
import Testing

@testable import ReservationClient

@Suite("a client that nobody holds any more", .timeLimit(.minutes(1)))
struct ReleaseTests {
    /// Waits for the event loop to let go.
    private func isReleased(_ gauge: () -> CallGauge?) async throws -> Bool {
        for _ in 0..<500 {
            if gauge() == nil { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test("is released after failed attempts to connect")
    func unreachable() async throws {
        weak var gauge: CallGauge?
        do {
            let bench = try Bench()
            gauge = bench.client.gauge
            #expect(await bench.validate(deadline: .milliseconds(50)).error?.code == .unreachable)
        }
        #expect(try await isReleased { gauge })
    }

    @Test("is released after a connection that was up")
    func connected() async throws {
        weak var gauge: CallGauge?
        do {
            let bench = try Bench()
            gauge = bench.client.gauge
            let daemon = try await bench.startDaemon()
            async let result = bench.validate()
            try await daemon.nextRequest().answer(Sample.validated(1))
            #expect(await result.answer == Sample.validated(1))
            try await daemon.stop()
        }
        #expect(try await isReleased { gauge })
    }

    @Test("is released after calls that were cancelled before there was a connection")
    func cancelled() async throws {
        weak var gauge: CallGauge?
        do {
            let bench = try Bench()
            gauge = bench.client.gauge
            let calls = (0..<50).map { _ in Task { await bench.validate() } }
            for call in calls { call.cancel() }
            for call in calls { #expect(await call.value.error?.code == .cancelled) }
        }
        #expect(try await isReleased { gauge })
    }
}
