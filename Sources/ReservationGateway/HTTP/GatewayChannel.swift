import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Hummingbird's HTTP/1 connection with a ``ConnectionGuard`` in it.
struct GatewayChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let http: HTTP1Channel
    let limits: ConnectionLimits
    let bodyLimitBytes: Int
    let executors: EventLoopTaskExecutors

    init(
        limits: ConnectionLimits, bodyLimitBytes: Int, executors: EventLoopTaskExecutors, responder: @escaping HTTPChannelHandler.Responder
    ) {
        var configuration = HTTP1Channel.Configuration(idleTimeout: .seconds(limits.idleSeconds))
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: limits.headerFieldBytes, maxHeaderListSize: limits.headerBytes, maxHeaderFieldCount: limits.headerFields)
        self.http = HTTP1Channel(responder: responder, configuration: configuration)
        self.limits = limits
        self.bodyLimitBytes = bodyLimitBytes
        self.executors = executors
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            // Right behind the decoder: there the request's version is known and the framework's replies pass on their way out.
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(ConnectionGuard(limits: limits, bodyLimitBytes: bodyLimitBytes), position: .after(decoder))
            return value
        }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(executors.executor(of: value.channel.eventLoop)) {
            await http.handle(value: value, logger: logger)
        }
    }
}
