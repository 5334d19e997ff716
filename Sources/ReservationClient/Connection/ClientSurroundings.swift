import NIOCore
import NIOPosix

/// What a client takes from the world around it besides its event loop and that loop's clock.
struct ClientSurroundings: Sendable {
    var connector: any Connector = SocketConnector()
    /// Spreads the pauses of callers that would otherwise come all at once.
    var generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
}

/// How a client comes to a connection.
protocol Connector: Sendable {
    /// - Parameters:
    ///   - path: of the Unix socket.
    ///   - initializer: puts the handlers on, before the channel becomes active.
    /// - Returns: fails when nobody took the connection; then the channel never became active.
    func connect(
        to path: String, on loop: any EventLoop, initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<any Channel>
}

/// Connects to the operating system's sockets.
struct SocketConnector: Connector {
    func connect(
        to path: String, on loop: any EventLoop, initializer: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) -> EventLoopFuture<any Channel> {
        ClientBootstrap(group: loop)
            .channelOption(ChannelOptions.writeBufferWaterMark, value: .init(low: 262_144, high: 1_048_576))
            .channelInitializer(initializer)
            .connect(unixDomainSocketPath: path)
    }
}
