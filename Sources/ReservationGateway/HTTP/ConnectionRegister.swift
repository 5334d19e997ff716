import NIOCore

/// Stands on a listening channel: lets no more connections in than there may be, and knows those that are open. Lives on the channel's
/// loop.
final class ConnectionRegister: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never
    typealias OutboundOut = Never

    private let limit: Int
    private var open: [ObjectIdentifier: any Channel] = [:]
    private var isReadHeld = false
    private var isStopped = false
    private var whenEmpty: [EventLoopPromise<Void>] = []

    /// - Parameter limit: further callers wait in the kernel's queue.
    init(limit: Int) {
        self.limit = limit
    }

    /// The connections that are open now.
    var channels: [any Channel] { Array(open.values) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        let key = ObjectIdentifier(channel)
        open[key] = channel
        let own = NIOLoopBound((register: self, context: context), eventLoop: context.eventLoop)
        channel.closeFuture.hop(to: context.eventLoop).whenComplete { _ in own.value.register.remove(key, own.value.context) }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        if open.count < limit { context.read() } else { isReadHeld = true }
    }

    private func remove(_ key: ObjectIdentifier, _ context: ChannelHandlerContext) {
        open[key] = nil
        if isReadHeld, !isStopped, open.count < limit {
            isReadHeld = false
            context.read()
        }
        guard open.isEmpty else { return }
        for promise in whenEmpty { promise.succeed() }
        whenEmpty = []
    }

    /// Nobody more is let in.
    func stop() {
        isStopped = true
    }

    /// Done when no connection is open.
    func tellWhenEmpty(_ promise: EventLoopPromise<Void>) {
        if open.isEmpty { promise.succeed() } else { whenEmpty.append(promise) }
    }
}
