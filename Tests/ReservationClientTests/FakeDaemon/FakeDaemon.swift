import NIOCore
import NIOPosix
import ReservationCore
import ReservationWire
import Testing

/// A daemon that the test plays by hand: what arrives comes out of streams, what is answered, and when, the test decides.
///
/// It speaks through the server's own session machine and frames, so it greets, bounds and drains as the real one does.
final class FakeDaemon: Sendable {
    /// What it does with a new connection.
    enum Manner: Sendable {
        case daemonLike(maxInFlight: Int)
        /// Takes the connection and says nothing.
        case silent
        /// Closes at once.
        case hangingUp
        /// Sends these bytes and nothing else.
        case babbling([UInt8])
        /// Answers HELLO with this connection error.
        case refusing(Status, ErrorReply)
    }

    private let listener: any Channel
    private let group: MultiThreadedEventLoopGroup
    let journal: FakeJournal

    private init(listener: any Channel, group: MultiThreadedEventLoopGroup, journal: FakeJournal) {
        self.listener = listener
        self.group = group
        self.journal = journal
    }

    static func start(at path: String, _ manner: Manner = .daemonLike(maxInFlight: WireLimits.maxInFlight)) async throws -> FakeDaemon {
        let instanceID = UInt128.random(in: 1 ... .max)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let journal = FakeJournal()
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FakeConnectionHandler(manner, instanceID: instanceID, journal, channel))
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        return FakeDaemon(listener: listener, group: group, journal: journal)
    }

    /// The next request that reached it, over whichever connection.
    func nextRequest() async throws -> FakeRequest {
        try #require(await journal.requests.first { _ in true })
    }

    func nextConnection() async throws -> FakeConnection {
        try #require(await journal.connections.first { _ in true })
    }

    /// The id of the next request that a CANCEL names.
    func nextCancel() async throws -> UInt64 {
        try #require(await journal.cancels.first { _ in true })
    }

    /// How many requests have come, answered or not.
    var requestFrames: Int { journal.requestFrames.load(ordering: .sequentiallyConsistent) }

    var connectionCount: Int { journal.connectionCount.load(ordering: .sequentiallyConsistent) }

    /// Stops listening; connections stay.
    func stopListening() async throws {
        try await listener.close()
    }

    /// Cuts everything off, as a kill would.
    func stop() async throws {
        try? await listener.close()
        try await group.shutdownGracefully()
    }
}
