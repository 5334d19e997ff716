import Synchronization
import Testing

@testable import ReservationGateway

@Suite("Equal questions at the same time", .timeLimit(.minutes(1)))
struct SharedReadsTests {
    /// Readings that begin when they are asked for and end when the test says so; each answers its own number.
    private final class Source: Sendable {
        private let count = Atomic<Int>(0)
        private let begun = AsyncStream.makeStream(of: Int.self)
        private let gates = Mutex<[Int: CheckedContinuation<Void, Never>]>([:])

        func read() async -> Int {
            let number = count.add(1, ordering: .relaxed).newValue
            await withCheckedContinuation { gate in
                gates.withLock { $0[number] = gate }
                begun.continuation.yield(number)
            }
            return number
        }

        func waitForReading() async -> Int? { await begun.stream.first { _ in true } }
        func end(_ number: Int) { gates.withLock { $0.removeValue(forKey: number) }?.resume() }
        var readings: Int { count.load(ordering: .relaxed) }
    }

    private func wait(for count: Int, of question: String, in reads: SharedReads<String, Int>) async {
        while reads.waiting(for: question) < count { await Task.yield() }
    }

    @Test("a lone question is asked at once, and again each time")
    func alone() async {
        let reads = SharedReads<String, Int>()
        #expect(await reads.answer(to: "a", isOutage: { _ in false }, read: { 1 }) == 1)
        #expect(await reads.answer(to: "a", isOutage: { _ in false }, read: { 2 }) == 2)
    }

    @Test("whoever asks while the question is on its way shares the next reading, never the one that began before they asked")
    func sharing() async {
        let reads = SharedReads<String, Int>()
        let source = Source()
        async let first = reads.answer(to: "a", isOutage: { _ in false }, read: source.read)
        let one = await source.waitForReading()
        async let second = reads.answer(to: "a", isOutage: { _ in false }, read: source.read)
        async let third = reads.answer(to: "a", isOutage: { _ in false }, read: source.read)
        await wait(for: 2, of: "a", in: reads)
        source.end(one ?? 0)
        #expect(await first == 1)
        let two = await source.waitForReading()
        async let fourth = reads.answer(to: "a", isOutage: { _ in false }, read: source.read)
        await wait(for: 2, of: "a", in: reads)
        source.end(two ?? 0)
        #expect(await second == 2)
        #expect(await third == 2)
        source.end(await source.waitForReading() ?? 0)
        #expect(await fourth == 3)
        #expect(source.readings == 3)
        #expect(reads.waiting(for: "a") == 0)
    }

    @Test("another question does not wait")
    func otherQuestion() async {
        let reads = SharedReads<String, Int>()
        let source = Source()
        async let first = reads.answer(to: "a", isOutage: { _ in false }, read: source.read)
        let one = await source.waitForReading()
        #expect(await reads.answer(to: "b", isOutage: { _ in false }, read: { 7 }) == 7)
        source.end(one ?? 0)
        #expect(await first == 1)
    }

    @Test("an outage is told to all who wait, so that nobody waits through one deadline after another")
    func outage() async {
        let reads = SharedReads<String, Int>()
        let source = Source()
        async let first = reads.answer(to: "a", isOutage: { _ in true }, read: source.read)
        let one = await source.waitForReading()
        async let second = reads.answer(to: "a", isOutage: { _ in true }, read: source.read)
        await wait(for: 1, of: "a", in: reads)
        source.end(one ?? 0)
        #expect(await first == 1)
        #expect(await second == 1)
        #expect(source.readings == 1)
    }
}
