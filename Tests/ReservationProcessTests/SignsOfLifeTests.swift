import Glibc
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import ReservationProcess

@Suite("Signs of life", .timeLimit(.minutes(1)))
struct SignsOfLifeTests {
    @Test("come again and again, well within the time that systemd allows")
    func signs() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let (signs, sign) = AsyncStream.makeStream(of: Void.self)
        let task = SignsOfLife(group, sign: { sign.yield() }).begin(every: .milliseconds(30))
        var count = 0
        for await _ in signs.prefix(5) { count += 1 }
        #expect(count == 5)
        task?.cancel()
        try await group.shutdownGracefully()
    }

    @Test("stop while one of the event loops hangs, and go on after that")
    func hanging() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let count = Mutex(0)
        let (signs, sign) = AsyncStream.makeStream(of: Void.self)
        let (hung, hangs) = AsyncStream.makeStream(of: Void.self)
        let task = SignsOfLife(group) {
            count.withLock { $0 += 1 }
            sign.yield()
        }.begin(every: .milliseconds(3))
        let loops = Array(group.makeIterator())
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let readEnd = ends[0]
        loops[1].execute {
            hangs.yield()
            var byte: UInt8 = 0
            _ = read(readEnd, &byte, 1)
        }
        _ = await hung.first { _ in true }
        let before = count.withLock { $0 }
        // A hundred periods of a loop that lives.
        try await loops[0].scheduleTask(in: .milliseconds(100)) {}.futureResult.get()
        // One may have passed the loop before it hung.
        #expect(count.withLock { $0 } <= before + 1)
        _ = write(ends[1], [1], 1)
        let given = count.withLock { $0 }
        for await _ in signs where count.withLock({ $0 }) > given + 1 { break }
        task?.cancel()
        try await group.shutdownGracefully()
        for end in ends { close(end) }
    }

    @Test("are none where systemd asks for none")
    func none() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        #expect(SignsOfLife(group, sign: {}).begin(every: nil) == nil)
        try await group.shutdownGracefully()
    }
}
