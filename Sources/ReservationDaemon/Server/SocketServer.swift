import Glibc
import Logging
import NIOCore
import NIOPosix
import ReservationCore
import ReservationLog
import ReservationProcess
import ReservationWire
import Synchronization

/// Listens on the three role sockets and carries requests to the ledger.
final class SocketServer: Sendable {
    let ledger: Ledger
    let settings: ServerSettings
    let logger: Logger
    let encoder = ReplyEncoder()
    let longAnswerLine: LongAnswerLine
    let metrics: DaemonMetrics
    let gauges: LedgerGauges
    let reports = ProgramReports()
    /// Does beside the ledger what would keep it too long; without one, the ledger examines by itself and makes no backups.
    let upkeep: Upkeep?
    private let group: any EventLoopGroup
    private let started: NIODeadline
    private let state = Mutex(State())

    private struct State {
        var listeners: [any Channel] = []
        var connections: [ObjectIdentifier: Connection] = [:]
        var countByRole: [Role: Int] = [:]
        /// Callers refused since a role's connections were all taken.
        var refusedByRole: [Role: Int] = [:]
        var lastNumber: UInt64 = 0
        var isDraining = false
    }

    /// A caller's connection while it is open.
    struct Connection {
        var number: UInt64
        var channel: any Channel
        var handler: NIOLoopBound<ConnectionHandler>
    }

    init(
        ledger: Ledger, settings: ServerSettings, group: any EventLoopGroup, logger: Logger, upkeep: Upkeep? = nil,
        metrics: DaemonMetrics = DaemonMetrics()
    ) {
        self.ledger = ledger
        self.upkeep = upkeep
        self.settings = settings
        self.group = group
        self.logger = logger
        self.metrics = metrics
        gauges = LedgerGauges(ledger: ledger, handles: metrics.gauges)
        started = group.any().now
        longAnswerLine = LongAnswerLine(limit: settings.longAnswerBytes)
    }

    @Sendable func surroundings() -> ReplyEncoder.Surroundings {
        ReplyEncoder.Surroundings(
            instanceID: settings.instanceID, uptimeSeconds: UInt64((group.any().now - started).nanoseconds / 1_000_000_000),
            connections: UInt64(state.withLock { $0.connections.count }), queueDepth: UInt64(ledger.queueDepth),
            lastBackup: upkeep?.lastBackup)
    }

    /// Open connections now.
    func connectionsByRole() -> [(role: Role, count: Int)] {
        state.withLock { state in Role.allCases.map { ($0, state.countByRole[$0] ?? 0) } }
    }

    /// Begins to accept callers.
    func listen(on sockets: [ListeningSocket]) async throws {
        let shortage = DescriptorShortage(logger: logger)
        for socket in sockets {
            let role = socket.role
            let listener = try await ServerBootstrap(group: group)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ShortageHandler(shortage: shortage, words: RefusalHandler.words))
                    }
                }
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                // What is read in one piece is worked off in one piece, while the loop's other connections wait.
                .childChannelOption(.maxMessagesPerRead, value: 1)
                .childChannelOption(
                    .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2048, maximum: settings.readBytes)
                )
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try self.admit(channel, role: role) }
                }
                .withBoundSocket(socket.descriptor)
                .get()
            // NIO calls listen(2) with 128 on a socket it did not make, also on one of systemd's. The last call counts.
            Glibc.listen(socket.descriptor, settings.backlog)
            state.withLock { $0.listeners.append(listener) }
        }
    }

    /// Makes a new channel a caller's connection, or turns it away.
    func admit(_ channel: any Channel, role: Role) throws {
        let limit = settings.connectionLimit
        let (number, isFirstRefused): (UInt64?, Bool) = state.withLock { state in
            guard !state.isDraining, state.countByRole[role, default: 0] < limit else {
                state.refusedByRole[role, default: 0] += 1
                return (nil, state.refusedByRole[role] == 1)
            }
            state.countByRole[role, default: 0] += 1
            state.lastNumber += 1
            return (state.lastNumber, false)
        }
        guard let number else {
            // Once, until it has passed: a storm of callers must not become a storm of lines.
            if isFirstRefused { logger.record(.warning, .connectionLimitReached, [.role: "\(role.name)", .limit: "\(limit)"]) }
            try channel.pipeline.syncOperations.addHandler(RefusalHandler())
            return
        }
        let handler = ConnectionHandler(server: self, role: role, number: number, eventLoop: channel.eventLoop)
        let key = ObjectIdentifier(channel)
        let connection = Connection(
            number: number, channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
        let cameLate = state.withLock { state in
            state.connections[key] = connection
            return state.isDraining
        }
        channel.closeFuture.whenComplete { _ in
            let refused: Int? = self.state.withLock { state in
                state.connections[key] = nil
                state.countByRole[role, default: 1] -= 1
                // Somewhat below the limit, so that one caller who comes and goes does not begin and end it again and again.
                guard state.countByRole[role, default: 0] <= limit - limit / 8 - 1 else { return nil }
                return state.refusedByRole.removeValue(forKey: role)
            }
            if let refused {
                self.logger.record(.notice, .connectionLimitPassed, [.role: "\(role.name)", .limit: "\(limit)", .count: "\(refused)"])
            }
        }
        try channel.pipeline.syncOperations.addHandler(handler)
        // A drain that began meanwhile has not seen this connection.
        if cameLate { channel.eventLoop.execute { connection.handler.value.drain() } }
    }

    /// Takes no new callers, answers what was asked, and closes every connection.
    ///
    /// - Parameter patience: after this, connections that are still open are cut.
    func drain(patience: TimeAmount) async {
        let (listeners, connections) = stopAdmitting()
        for listener in listeners { try? await listener.close() }
        try? await finish(connections, patience: patience).get()
    }

    /// From here on nobody new is served.
    ///
    /// - Returns: what is to be closed; the connections in the order in which they came.
    func stopAdmitting() -> (listeners: [any Channel], connections: [Connection]) {
        state.withLock { state in
            state.isDraining = true
            return (state.listeners, state.connections.values.sorted { $0.number < $1.number })
        }
    }

    /// Lets each connection answer what it was asked, then end.
    ///
    /// - Returns: done when all are closed, of themselves or cut after `patience`.
    func finish(_ connections: [Connection], patience: TimeAmount) -> EventLoopFuture<Void> {
        for connection in connections {
            connection.channel.eventLoop.execute { connection.handler.value.drain() }
        }
        ledger.endWaiting()
        upkeep?.stop()
        let loop = group.next()
        let cut = loop.scheduleTask(in: patience) {
            for connection in connections { connection.channel.close(promise: nil) }
        }
        let closed = EventLoopFuture.andAllComplete(connections.map(\.channel.closeFuture), on: loop)
        closed.whenComplete { _ in cut.cancel() }
        return closed
    }
}

/// Bounds on what callers can take.
struct ServerSettings: Sendable {
    var instanceID: UInt128
    var decoder = RequestDecoder()
    /// Connections a role may hold at the same time.
    var connectionLimit = 1_024
    /// Callers that may wait to be accepted; the kernel caps it at net.core.somaxconn.
    var backlog: Int32 = 1_024
    /// Answers waiting to be read beyond which nothing more is read from the peer.
    var holdReadingBytes = 1 << 20
    /// Answers waiting to be read beyond which the peer is cut.
    var unreadAnswerBytes = 8 << 20
    /// Least time between two EVENTs on a connection.
    var eventInterval = TimeAmount.milliseconds(250)
    /// Slots that an EVENT tells of at most.
    var slotsPerEvent = 500
    /// Most that is read of a connection before the others' turn: about a hundred requests.
    var readBytes = 8 << 10
    /// Long answers that are under way together.
    var longAnswerBytes = 256 << 10
    /// How long a peer may take nothing of what waits for it.
    var stalledWriteTimeout = TimeAmount.seconds(30)
    /// How often a connection's patience is judged.
    var supervisionInterval = TimeAmount.seconds(1)
}
