import CoreMetrics
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
    let turns: EventLoopPipelineTurns
    let ending: Ending
    /// Counts the connections; nil where nobody wants to know.
    let gauge: Meter?

    init(
        limits: ConnectionLimits, bodyLimitBytes: Int, group: any EventLoopGroup, ending: Ending, gauge: Meter? = nil,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        var configuration = HTTP1Channel.Configuration(idleTimeout: .seconds(limits.idleSeconds))
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: limits.headerFieldBytes, maxHeaderListSize: limits.headerBytes, maxHeaderFieldCount: limits.headerFields)
        self.http = HTTP1Channel(responder: responder, configuration: configuration)
        self.limits = limits
        self.bodyLimitBytes = bodyLimitBytes
        self.executors = EventLoopTaskExecutors(group)
        self.turns = EventLoopPipelineTurns(group)
        self.ending = ending
        self.gauge = gauge
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        if let gauge {
            gauge.increment()
            channel.closeFuture.whenComplete { _ in gauge.decrement() }
        }
        return http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            // Right behind the decoder: there the request's version is known and the framework's replies pass on their way out.
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            // What is read in one piece is decoded in one piece, while the loop's other connections wait.
            try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
            try channel.syncOptions?.setOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2048, maximum: limits.readBytes))
            let turns = turns.turns(on: channel.eventLoop)
            try pipeline.addHandler(
                ConnectionGuard(limits: limits, bodyLimitBytes: bodyLimitBytes, turns: turns, ending: ending), position: .after(decoder))
            return value
        }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(executors.executor(of: value.channel.eventLoop)) {
            await http.handle(value: value, logger: logger)
        }
    }
}
