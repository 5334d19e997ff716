import Glibc
import NIOCore

/// One end of a simulated connection: the handlers and the pipeline are the real ones, the socket is two ``Pipe``s.
///
/// It behaves as NIO's channels do where handlers can tell: reads only after `read()`, writes that wait for room, a failed write that
/// closes the channel before it returns. Belongs to its world, see ``World`` for why it may be called Sendable.
final class SimulatedChannel: Channel, ChannelCore, @unchecked Sendable {
    let world: World
    let loop: SimulatedEventLoop
    let number: Int
    let allocator = ByteBufferAllocator()
    private let closePromise: EventLoopPromise<Void>
    private let outbound: Pipe
    private let inbound: Pipe
    private let allowsHalfClosure: Bool
    private var ownPipeline: ChannelPipeline?

    private(set) var isOpen = true
    private(set) var isActive = false
    /// Nothing of it runs any more, and nothing refers to it in a circle.
    private(set) var isDismantled = false
    private(set) var isWritable = true
    private var isReadWanted = false
    private var hasSeenEnd = false
    private var pending = CircularBuffer<(bytes: ByteBuffer, promise: EventLoopPromise<Void>?)>()
    private var pendingBytes = 0
    private var flushable = 0

    /// - Parameter allowsHalfClosure: whether the peer's end of stream leaves this end open, as the daemon has it.
    init(
        world: World, loop: SimulatedEventLoop, number: Int, outbound: Pipe, inbound: Pipe, allowsHalfClosure: Bool
    ) {
        self.world = world
        self.loop = loop
        self.number = number
        self.outbound = outbound
        self.inbound = inbound
        self.allowsHalfClosure = allowsHalfClosure
        closePromise = loop.makePromise()
        ownPipeline = ChannelPipeline(channel: self)
        world.remains.watch("channel", self)
    }

    var eventLoop: any EventLoop { loop }
    var closeFuture: EventLoopFuture<Void> { closePromise.futureResult }
    var pipeline: ChannelPipeline {
        guard let ownPipeline else { preconditionFailure("the pipeline is made with the channel") }
        return ownPipeline
    }
    var _channelCore: any ChannelCore { self }
    var localAddress: SocketAddress? { nil }
    var remoteAddress: SocketAddress? { nil }
    var parent: (any Channel)? { nil }

    func setOption<Option: ChannelOption>(_ option: Option, value: Option.Value) -> EventLoopFuture<Void> {
        loop.makeFailedFuture(ChannelError.operationUnsupported)
    }

    func getOption<Option: ChannelOption>(_ option: Option) -> EventLoopFuture<Option.Value> {
        loop.makeFailedFuture(ChannelError.operationUnsupported)
    }

    // MARK: life

    /// The connection stands.
    func activate() {
        guard isOpen else { return }
        isActive = true
        pipeline.syncOperations.fireChannelRegistered()
        pipeline.syncOperations.fireChannelActive()
        readAgain()
    }

    /// Nobody took the connection.
    func fail() {
        isOpen = false
        loop.execute { self.dismantle() }
    }

    func close0(error: any Error, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all else {
            promise?.fail(ChannelError.operationUnsupported)
            return
        }
        guard isOpen else {
            promise?.fail(ChannelError.alreadyClosed)
            return
        }
        world.note(.close, number)
        let wasActive = isActive
        // A Unix socket that is closed with bytes unread tells its peer of a reset.
        endSocket(with: inbound.unreadBytes > 0 && world.random.isOne(in: 2) ? .reset : .closed)
        promise?.succeed(())
        if wasActive { pipeline.syncOperations.fireChannelInactive() }
        pipeline.syncOperations.fireChannelUnregistered()
        loop.execute { self.dismantle() }
    }

    /// The process of this end was killed: nothing of it runs any more, the kernel closes its socket.
    func vanish(with end: Pipe.End) {
        guard !isDismantled else { return }
        let wasActive = isActive
        // Nobody sees this; it takes apart what refers to itself in a circle, timers above all.
        world.perform(on: loop) {
            if isOpen { endSocket(with: end) }
            if wasActive { pipeline.syncOperations.fireChannelInactive() }
            dismantle()
        }
    }

    /// Something between the ends broke; this end hears of it now.
    func breakDown() {
        guard isOpen, isActive else { return }
        world.note(.reset, number)
        pipeline.syncOperations.fireErrorCaught(IOError(errnoCode: ECONNRESET, reason: "read"))
        close0(error: ChannelError.eof, mode: .all, promise: nil)
    }

    private func endSocket(with end: Pipe.End) {
        isOpen = false
        isActive = false
        outbound.finish(end)
        inbound.breakOff()
        let writes = pending
        pending.removeAll()
        for write in writes { write.promise?.fail(ChannelError.ioOnClosedChannel) }
    }

    private func dismantle() {
        isDismantled = true
        removeHandlers(pipeline: pipeline)
        closePromise.succeed(())
    }

    // MARK: in

    var wantsToRead: Bool { isOpen && isActive && isReadWanted }

    func read0() {
        isReadWanted = true
        if !hasSeenEnd { inbound.readerIsReady() }
    }

    func receive(_ bytes: ByteBuffer) {
        world.note(.bytes, number, bytes.readableBytes)
        isReadWanted = false
        pipeline.syncOperations.fireChannelRead(NIOAny(bytes))
        pipeline.syncOperations.fireChannelReadComplete()
        readAgain()
    }

    func receiveEnd(_ end: Pipe.End) {
        guard !hasSeenEnd else { return }
        hasSeenEnd = true
        guard end == .closed else { return breakDown() }
        guard allowsHalfClosure else { return close0(error: ChannelError.eof, mode: .all, promise: nil) }
        pipeline.syncOperations.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        pipeline.syncOperations.fireChannelReadComplete()
        // The peer has closed both directions: epoll tells so as well (EPOLLHUP), and NIO closes.
        world.plan(after: world.pace.network, on: loop) { self.close0(error: ChannelError.eof, mode: .all, promise: nil) }
    }

    private func readAgain() {
        if isOpen, isActive, !hasSeenEnd { pipeline.syncOperations.read() }
    }

    // MARK: out

    func write0(_ data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isOpen else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let bytes = unwrapData(data, as: ByteBuffer.self)
        pending.append((bytes, promise))
        pendingBytes += bytes.readableBytes
    }

    func flush0() {
        flushable = pending.count
        flushPending()
    }

    var hasPendingWrites: Bool { flushable > 0 || !isWritable }

    /// Hands over to the kernel what it takes.
    func flushPending() {
        guard isOpen else { return }
        while flushable > 0, var write = pending.first {
            if outbound.isBroken {
                return close0(error: IOError(errnoCode: EPIPE, reason: "write"), mode: .all, promise: nil)
            }
            let taken = outbound.write(write.bytes)
            write.bytes.moveReaderIndex(forwardBy: taken)
            pendingBytes -= taken
            guard write.bytes.readableBytes == 0 else {
                pending[pending.startIndex].bytes = write.bytes
                break
            }
            pending.removeFirst()
            flushable -= 1
            write.promise?.succeed(())
            guard isOpen else { return }
        }
        let isWritable = pendingBytes <= world.pace.socketBytes
        if isWritable != self.isWritable {
            self.isWritable = isWritable
            pipeline.syncOperations.fireChannelWritabilityChanged()
        }
    }

    // MARK: what no handler here asks for

    func localAddress0() throws -> SocketAddress { throw ChannelError.operationUnsupported }
    func remoteAddress0() throws -> SocketAddress { throw ChannelError.operationUnsupported }
    func register0(promise: EventLoopPromise<Void>?) { promise?.fail(ChannelError.operationUnsupported) }
    func registerAlreadyConfigured0(promise: EventLoopPromise<Void>?) { promise?.fail(ChannelError.operationUnsupported) }
    func bind0(to: SocketAddress, promise: EventLoopPromise<Void>?) { promise?.fail(ChannelError.operationUnsupported) }
    func connect0(to: SocketAddress, promise: EventLoopPromise<Void>?) { promise?.fail(ChannelError.operationUnsupported) }
    func triggerUserOutboundEvent0(_ event: Any, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }
    func channelRead0(_ data: NIOAny) {}
    func errorCaught0(error: any Error) {}
}
