import ReservationCore
import SeededRandom
import Testing

@testable import ReservationMailer

@Suite("When it is tried again")
struct RetryPolicyTests {
    private let policy = RetryPolicy()
    private let queued = Instant(seconds: 1_795_000_000)

    private func decision(
        attempt: Int, after seconds: Int64, asked: Duration? = nil, draw: (ClosedRange<Int64>) -> Int64 = \.upperBound
    ) -> RetryPolicy.Decision {
        policy.decision(
            attempt: attempt, firstQueuedAt: queued, now: Instant(seconds: queued.seconds + seconds), asked: asked, draw: draw)
    }

    @Test(
        "the bound doubles from 5 seconds to an hour",
        arguments: [(1, 5), (2, 10), (3, 20), (4, 40), (10, 2560), (11, 3600), (12, 3600), (1000, 3600), (0, 5), (-3, 5)])
    func bounds(attempt: Int, seconds: Int64) {
        #expect(decision(attempt: attempt, after: 0) == .again(after: .seconds(seconds)))
        #expect(decision(attempt: attempt, after: 0, draw: \.lowerBound) == .again(after: .zero))
    }

    @Test("pauses are spread over the whole range below the bound")
    func jitter() {
        var generator = SeededGenerator(seed: 1)
        let pauses = (0..<2000).map { _ in policy.pause(attempt: 5) { .random(in: $0, using: &generator) } }
        #expect(pauses.allSatisfy { $0 >= .zero && $0 <= .seconds(80) })
        // Each eighth holds some 250; one below 150 is beyond six deviations.
        for eighth in 0..<8 {
            let range = Duration.seconds(10 * eighth)..<Duration.seconds(10 * eighth + 10)
            #expect(pauses.count { range.contains($0) } > 150)
        }
    }

    @Test("what the provider asks for is never undercut")
    func asked() {
        #expect(decision(attempt: 1, after: 0, asked: .seconds(600), draw: \.lowerBound) == .again(after: .seconds(600)))
        #expect(decision(attempt: 1, after: 0, asked: .seconds(600)) == .again(after: .seconds(605)))
    }

    @Test("a day after it was queued it is given up, whatever the attempt")
    func end() {
        #expect(decision(attempt: 2, after: 24 * 3600) == .giveUp)
        #expect(decision(attempt: 40, after: 24 * 3600 - 1) != .giveUp)
        // A clock that was set back is no reason to give up.
        #expect(decision(attempt: 2, after: -1000) != .giveUp)
    }

    @Test("within a day there are enough attempts, and not too many")
    func attempts() {
        var generator = SeededGenerator(seed: 1)
        var (time, attempt) = (Int64(0), 0)
        while true {
            attempt += 1
            guard
                case .again(let pause) = policy.decision(
                    attempt: attempt, firstQueuedAt: queued, now: Instant(seconds: queued.seconds + time), asked: nil,
                    draw: { .random(in: $0, using: &generator) })
            else { break }
            time += max(1, pause.components.seconds)
        }
        #expect((25...120).contains(attempt))
        #expect(time < 25 * 3600 + 1)
    }
}
