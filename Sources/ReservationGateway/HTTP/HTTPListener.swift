import Glibc
import Logging
import NIOCore
import NIOPosix
import ReservationProcess

/// The listening channels, and the connections that come by them.
///
/// Hummingbird's own server would do but for two things: it takes no socket that is there already, and at its end it resets connections
/// whose request is on its way.
final class HTTPListener: Sendable {
    /// The addresses that are listened on.
    let addresses: [SocketAddress]
    private let server: GatewayChannel
    private let group: any EventLoopGroup
    /// Hummingbird's own lines repeat what is reported in events.
    private let quiet: Logger
    private let doors: [Door]
    private let arrivals: Arrivals<GatewayChannel.Value>

    private struct Door {
        let channel: any Channel
        let register: NIOLoopBound<ConnectionRegister>
    }

    /// - Throws: what keeps the place from being served.
    init(place: HTTPPlace, server: GatewayChannel, group: any EventLoopGroup, limits: ConnectionLimits, logger: Logger) async throws {
        let arrivals = Arrivals<GatewayChannel.Value>()
        self.arrivals = arrivals
        self.server = server
        self.group = group
        quiet = Self.quiet(logger)
        var doors: [Door] = []
        switch place {
        case .address(let host, let port):
            doors.append(
                try await Self.open(server, limits, limits.connections, arrivals, group, logger) { bootstrap in
                    bootstrap.bind(host: host, port: port)
                })
        case .inherited(let sockets):
            for socket in sockets {
                let share = max(1, limits.connections / sockets.count)
                doors.append(
                    try await Self.open(server, limits, share, arrivals, group, logger) { bootstrap in
                        bootstrap.withBoundSocket(socket.descriptor)
                    })
                // NIO calls listen(2) with 128 on a socket it did not make. The last call counts.
                listen(socket.descriptor, limits.backlog)
            }
        }
        self.doors = doors
        addresses = doors.compactMap(\.channel.localAddress)
    }

    private static func open(
        _ server: GatewayChannel, _ limits: ConnectionLimits, _ share: Int, _ arrivals: Arrivals<GatewayChannel.Value>,
        _ group: any EventLoopGroup, _ logger: Logger, _ bind: (ServerBootstrap) -> EventLoopFuture<any Channel>
    ) async throws -> Door {
        let shortage = DescriptorShortage(logger: logger)
        let quiet = Self.quiet(logger)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: limits.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        ShortageHandler(shortage: shortage, words: ShortageReply.bytes), ConnectionRegister(limit: share))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                let admitted = arrivals.admit { server.setup(channel: channel, logger: quiet) }
                return admitted ?? channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
            }
        let channel = try await bind(bootstrap).get()
        let register = try await channel.eventLoop.submit {
            NIOLoopBound(try channel.pipeline.syncOperations.handler(type: ConnectionRegister.self), eventLoop: channel.eventLoop)
        }.get()
        return Door(channel: channel, register: register)
    }

    /// In words: `127.0.0.1:8080`, or a socket's path.
    var places: String {
        addresses.map { address in
            guard let host = address.ipAddress, let port = address.port else { return address.pathname ?? "a socket" }
            return HTTPPlace.address(host: host, port: port).description
        }.joined(separator: ", ")
    }

    private static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }

    /// Serves those who come; returns when nobody comes any more and the last has left.
    func serve() async {
        await withDiscardingTaskGroup { tasks in
            for await connection in arrivals.stream {
                tasks.addTask { await self.server.handle(value: connection, logger: self.quiet) }
            }
        }
    }

    /// Lets in nobody more. Whoever has been accepted is still served.
    func stop() async {
        for door in doors {
            try? await door.channel.eventLoop.flatSubmit {
                door.register.value.stop()
                // Takes the descriptor out of epoll. Closing it now would cut those who are just coming in.
                return door.channel.setOption(.autoRead, value: false)
            }.get()
        }
        await arrivals.close(group)
        for door in doors { try? await door.channel.close() }
    }

    /// Returns when everybody has left: with the answer to what was asked, or at once where nothing was. To be called after ``stop()``.
    func drain() async {
        for channel in await channels() {
            channel.eventLoop.execute {
                let connection = try? channel.pipeline.syncOperations.handler(type: ConnectionGuard.self)
                connection?.drain()
            }
        }
        // One who cancels has cut only those who were there then.
        if Task.isCancelled { cut() }
        for door in doors {
            let empty = door.channel.eventLoop.makePromise(of: Void.self)
            door.channel.eventLoop.execute { door.register.value.tellWhenEmpty(empty) }
            try? await empty.futureResult.get()
        }
    }

    /// Ends every connection, whatever it waits for.
    func cut() {
        for door in doors {
            door.channel.eventLoop.execute {
                for channel in door.register.value.channels { channel.close(promise: nil) }
            }
        }
    }

    /// Whether anybody is in.
    func isEmpty() async -> Bool { await channels().isEmpty }

    private func channels() async -> [any Channel] {
        var all: [any Channel] = []
        for door in doors { all += (try? await door.channel.eventLoop.submit { door.register.value.channels }.get()) ?? [] }
        return all
    }
}
