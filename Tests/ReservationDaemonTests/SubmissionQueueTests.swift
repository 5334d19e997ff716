import NIOCore
import ReservationWire
import Testing

@testable import ReservationDaemon

@Suite("The ledger's queue")
struct SubmissionQueueTests {
    private final class Sink: OutcomeSink {
        func deliver(_ answered: [(Submission, Outcome)]) {}
    }

    private func group(_ ids: [UInt64], _ sink: Sink = Sink()) -> SubmissionQueue.Group {
        SubmissionQueue.Group(
            sink: sink,
            submissions: ids.map {
                Submission(
                    requestID: $0, opcode: .daemonHealth, encoding: .tlv, command: .health, deadline: .distantFuture, receivedAt: .now())
            })
    }

    @Test("beyond its bound a whole read is turned away and nothing of it is kept")
    func bound() {
        let queue = SubmissionQueue(limit: 3)
        #expect(queue.add(group([1, 2])) == .queuedForIdleLedger)
        #expect(queue.add(group([3, 4])) == .full)
        #expect(queue.add(group([5])) == .queued)
        #expect(queue.depth == 3)
        #expect(queue.take(about: 10).flatMap(\.submissions).map(\.requestID) == [1, 2, 5])
        #expect(queue.depth == 0)
    }

    @Test("groups come out in order, about as many as asked for, and an empty take makes the ledger count as idle")
    func order() {
        let queue = SubmissionQueue(limit: 100)
        _ = queue.add(group([1, 2]))
        _ = queue.add(group([3]))
        _ = queue.add(group([4]))
        #expect(queue.take(about: 3).flatMap(\.submissions).map(\.requestID) == [1, 2, 3])
        #expect(queue.add(group([5])) == .queued)
        #expect(queue.take(about: 3).flatMap(\.submissions).map(\.requestID) == [4, 5])
        #expect(queue.take(about: 3).isEmpty)
        #expect(queue.add(group([6])) == .queuedForIdleLedger)
    }

    @Test("one connection's thousand requests do not keep another's one waiting, and each connection's come out in order")
    func turns() {
        let queue = SubmissionQueue(limit: 10_000)
        let (flood, other) = (Sink(), Sink())
        for start in stride(from: UInt64(1), through: 901, by: 100) { _ = queue.add(group(Array(start..<start + 100), flood)) }
        _ = queue.add(group([1], other))
        let first = queue.take(about: 100)
        #expect(first.contains { $0.sink === other })
        #expect(queue.depth == 1001 - first.reduce(0) { $0 + $1.submissions.count })
        var taken = first
        while case let more = queue.take(about: 100), !more.isEmpty { taken += more }
        #expect(taken.filter { $0.sink === flood }.flatMap(\.submissions).map(\.requestID) == Array(1...1000))
    }

    @Test("a request is taken back only for the connection that asked, and only while it waits")
    func cancel() {
        let queue = SubmissionQueue(limit: 100)
        let (mine, other) = (Sink(), Sink())
        _ = queue.add(group([1], other))
        _ = queue.add(group([1, 2], mine))
        #expect(queue.cancel(1, of: mine))
        #expect(!queue.cancel(9, of: mine))
        let taken = queue.take(about: 10).flatMap(\.submissions)
        #expect(taken.map(\.isCancelled) == [false, true, false])
        #expect(!queue.cancel(2, of: mine))
    }
}
