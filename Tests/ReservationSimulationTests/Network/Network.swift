import Glibc
import NIOCore
import ReservationCore

@testable import ReservationClient

/// One connection: the client's end from the attempt on, the daemon's from when it takes the connection.
final class Line {
    let number: Int
    let role: Role
    let client: SimulatedChannel
    let upward: Pipe
    let downward: Pipe
    var server: SimulatedChannel?

    init(number: Int, role: Role, client: SimulatedChannel, upward: Pipe, downward: Pipe) {
        self.number = number
        self.role = role
        self.client = client
        self.upward = upward
        self.downward = downward
    }

    var isOpen: Bool { client.isOpen || server?.isOpen ?? false }
    var isDismantled: Bool { client.isDismantled && server?.isDismantled ?? true }
}

/// The kernel between clients and daemon: attempts to connect, the backlog of the listening sockets, open connections.
/// Belongs to its world, see ``World`` for why it may be called Sendable.
final class Network: @unchecked Sendable {
    let world: World
    /// Whether systemd holds the listening sockets, so that callers wait while there is no daemon instead of being turned away.
    private let keepsListening: Bool
    private(set) var lines: [Line] = []
    private var backlog: [Line] = []
    private var lastNumber = 0
    /// Set while a daemon takes connections: what it does when there is one to be taken.
    private var onArrival: (() -> Void)?
    var drops = 0

    init(world: World, keepsListening: Bool) {
        self.world = world
        self.keepsListening = keepsListening
    }

    // MARK: clients

    func connect(_ role: Role, on loop: SimulatedEventLoop) -> Line {
        lastNumber += 1
        let upward = Pipe(world: world)
        let downward = Pipe(world: world)
        let client = SimulatedChannel(
            world: world, loop: loop, number: lastNumber, outbound: upward, inbound: downward, allowsHalfClosure: false)
        downward.join(writer: nil, reader: client)
        let line = Line(number: lastNumber, role: role, client: client, upward: upward, downward: downward)
        lines.removeAll(where: \.isDismantled)
        lines.append(line)
        return line
    }

    /// - Returns: false when nobody listens.
    func enqueue(_ line: Line) -> Bool {
        guard keepsListening || onArrival != nil else { return false }
        backlog.append(line)
        onArrival?()
        return true
    }

    // MARK: the daemon

    func listen(_ onArrival: @escaping () -> Void) {
        self.onArrival = onArrival
        for _ in backlog { onArrival() }
    }

    /// The listening sockets are closed, by the daemon or by its end.
    func stopListening() {
        onArrival = nil
        guard !keepsListening else { return }
        for line in backlog {
            line.downward.finish(.reset)
            line.upward.breakOff()
        }
        backlog.removeAll()
    }

    func takeConnection(on loop: SimulatedEventLoop) -> (Line, SimulatedChannel)? {
        guard !backlog.isEmpty else { return nil }
        let line = backlog.removeFirst()
        let server = SimulatedChannel(
            world: world, loop: loop, number: -line.number, outbound: line.downward, inbound: line.upward, allowsHalfClosure: true)
        line.server = server
        line.downward.join(writer: server, reader: line.client)
        line.upward.join(writer: line.client, reader: server)
        return (line, server)
    }

    /// Takes apart what is left of the connections, so that nothing of the world stays in memory.
    func end() {
        for line in lines {
            line.client.vanish(with: .reset)
            line.server?.vanish(with: .reset)
        }
    }

    // MARK: faults

    /// Breaks a connection that is open: one end hears of it and the other goes on with what it has, or both lose what is under way.
    func dropOne() {
        let open = lines.filter { $0.client.isActive || $0.server?.isActive ?? false }
        guard !open.isEmpty else { return }
        let line = world.random.pick(open)
        drops += 1
        let manner = world.random.draw(0...2)
        world.note(.drop, line.number, manner)
        if manner == 2 {
            line.upward.finish(.reset)
            line.downward.finish(.reset)
        }
        if manner != 1 { world.plan(after: world.pace.loop, on: line.client.loop) { line.client.breakDown() } }
        if manner != 0, let server = line.server { world.plan(after: world.pace.loop, on: server.loop) { server.breakDown() } }
    }
}

/// How simulated clients come to a connection.
struct SimulatedConnector: Connector {
    let network: Network
    let role: Role

    func connect(
        to path: String, on loop: any EventLoop, initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<any Channel> {
        let promise = loop.makePromise(of: (any Channel).self)
        guard let loop = loop as? SimulatedEventLoop else {
            promise.fail(IOError(errnoCode: EINVAL, reason: "connect"))
            return promise.futureResult
        }
        let world = network.world
        let line = network.connect(role, on: loop)
        initializer(line.client).whenFailure { promise.fail($0) }
        let giveUp = { promise.fail(EventLoopError.cancelled) }
        world.plan(after: world.pace.loop, on: loop, whenForgotten: giveUp) {
            // Now and then the listener's backlog is full (unix(7)).
            let isCrowded = world.random.isOne(in: 50)
            guard !isCrowded, network.enqueue(line) else {
                world.note(.refuseConnect, line.number)
                line.client.fail()
                promise.fail(IOError(errnoCode: isCrowded ? EAGAIN : ECONNREFUSED, reason: "connect"))
                return
            }
            world.note(.connect, line.number)
            promise.succeed(line.client)
            line.client.activate()
        }
        return promise.futureResult
    }
}
