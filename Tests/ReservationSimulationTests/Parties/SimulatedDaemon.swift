import Logging
import NIOCore
import ReservationCore

@testable import ReservationDaemon

/// One life of the daemon, from its start until it was killed or has drained. Everything in it but the sockets, the disk and the threads
/// is the real thing. Belongs to its world, see ``World`` for why it may be called Sendable.
final class SimulatedDaemon: @unchecked Sendable {
    private let world: World
    private let network: Network
    private let process = SimulatedProcess()
    private let group: SimulatedLoopGroup
    private let channels = Channels()
    private let executor: SimulatedLedgerExecutor
    let ledger: Ledger
    let server: SocketServer
    private(set) var isStopping = false
    /// Nothing of its process is left.
    private(set) var isBuried = false
    /// Its process has ended, by whatever cause.
    var onEnd: () -> Void = {}

    var isAlive: Bool { process.isAlive }

    /// One for all: nobody here reads it, and to make it takes longer than the rest of a start.
    private static let metrics = DaemonMetrics()

    init(world: World, network: Network, disk: SimulatedDisk, bounds: DaemonBounds, weakness: StorageWeakness?) throws(LedgerStartError) {
        self.world = world
        self.network = network
        group = SimulatedLoopGroup(world: world, count: 2)
        executor = SimulatedLedgerExecutor(world: world)
        // A crash may come while the ledger is still reading its store.
        disk.onCrash = { [process] in process.kill() }
        var settings = LedgerSettings()
        settings.clock = { Instant(seconds: world.seconds) }
        settings.uptime = { world.now }
        settings.queueLimit = bounds.queueLimit
        settings.groupLimit = bounds.groupLimit
        settings.metrics = Self.metrics.ledger
        let failure = Handover()
        settings.onTerminalFailure = { _ in failure.action() }
        ledger = try Ledger(
            store: MemoryStorage(disk: disk, process: process, weakness: weakness), zones: TimeZoneDatabase(), settings: settings,
            executor: executor)
        let instanceID = UInt128(world.random.next()) << 64 | UInt128(world.random.next())
        server = SocketServer(
            ledger: ledger, settings: ServerSettings(instanceID: instanceID), group: group,
            logger: Logger(label: "simulation", factory: { _ in SwiftLogNoOpLogHandler() }), metrics: Self.metrics)
        disk.onCrash = { [weak self] in self?.kill() }
        failure.action = { [weak self] in self?.failTerminally() }
    }

    /// Begins to take connections.
    func start() {
        world.note(.start)
        network.listen { [weak self] in self?.planAccept() }
    }

    private func planAccept() {
        world.plan(after: world.pace.loop, on: group.loops[0]) { [self] in
            guard !isStopping, isAlive else { return }
            channels.open.removeAll(where: \.isDismantled)
            let loop = group.loops[world.random.draw(0...group.loops.count - 1)]
            guard let (line, channel) = network.takeConnection(on: loop) else { return }
            channels.open.append(channel)
            world.plan(after: world.pace.loop, on: loop) { [self] in
                world.note(.accept, line.number)
                do {
                    try server.admit(channel, role: line.role)
                    channel.activate()
                } catch {
                    channel.close0(error: error, mode: .all, promise: nil)
                }
            }
        }
    }

    /// SIGTERM, or a store that failed for good: answers what was asked, then ends.
    func drain(patience: TimeAmount) {
        guard isAlive, !isStopping else { return }
        isStopping = true
        world.note(.drain)
        let (_, connections) = server.stopAdmitting()
        network.stopListening()
        server.finish(connections, patience: patience).whenComplete { [weak self] _ in self?.end(.exit) }
    }

    /// SIGKILL: nothing more of it happens.
    func kill() {
        end(.kill)
    }

    private func failTerminally() {
        guard isAlive else { return }
        world.note(.terminal)
        // The service hears of it on a thread of its own.
        world.plan(after: world.pace.loop, on: group.loops[0]) { self.drain(patience: .seconds(1)) }
    }

    private func end(_ event: Trace.Event) {
        guard isAlive else { return }
        world.note(event)
        process.kill()
        for loop in group.loops { loop.kill() }
        network.stopListening()
        for channel in channels.open {
            channel.vanish(with: world.random.isOne(in: 2) ? .closed : .reset)
        }
        channels.open = []
        // A kill may come in the middle of a group; the end of that is awaited.
        world.plan(at: world.now) { [self] in
            executor.runOut()
            group.runOut()
            isBuried = true
        }
        onEnd()
    }

    /// What the ledger's settings call before the daemon exists.
    private final class Handover: @unchecked Sendable {
        // Belongs to the daemon's world, see ``World``.
        var action: () -> Void = {}
    }

    private final class Channels {
        var open: [SimulatedChannel] = []
    }
}

/// Bounds that are made small so that they are met.
struct DaemonBounds: Sendable {
    var queueLimit: Int
    var groupLimit: Int
}
