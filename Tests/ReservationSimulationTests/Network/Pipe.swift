import NIOCore

/// One direction of a connection: bytes that the kernel has taken from the writer and not yet given to the reader, in order.
final class Pipe {
    enum End {
        /// Everything before it is read, then the end of the stream.
        case closed
        /// What was not read is lost.
        case reset
    }

    private let world: World
    private var buffer = ByteBuffer()
    private(set) var end: End?
    /// Whether the reader is gone: what is written fails.
    private(set) var isBroken = false
    private var isDeliveryPlanned = false
    /// Something waits which the reader did not want to read when it came.
    private var awaitsReader = false
    private weak var reader: SimulatedChannel?
    private weak var writer: SimulatedChannel?

    init(world: World) {
        self.world = world
    }

    func join(writer: SimulatedChannel?, reader: SimulatedChannel) {
        self.writer = writer
        self.reader = reader
        // Bytes may have waited for somebody to take the connection.
        if unreadBytes > 0 || end != nil { planDelivery() }
    }

    var unreadBytes: Int { buffer.readableBytes }

    /// - Returns: how many of the bytes were taken.
    func write(_ bytes: ByteBuffer) -> Int {
        let count = min(bytes.readableBytes, max(0, world.pace.socketBytes - buffer.readableBytes))
        guard count > 0 else { return 0 }
        if buffer.readableBytes == 0 { buffer.clear() }
        var taken = bytes.getSlice(at: bytes.readerIndex, length: count) ?? ByteBuffer()
        buffer.writeBuffer(&taken)
        planDelivery()
        return count
    }

    /// The writer will write no more. The first end counts, but a reset takes what a close had left.
    func finish(_ end: End) {
        guard self.end == nil else { return }
        self.end = end
        if end == .reset {
            // Some of it may have been read before the reset came.
            let kept = world.random.draw(0...buffer.readableBytes)
            buffer.moveWriterIndex(to: buffer.readerIndex + kept)
        }
        planDelivery()
    }

    /// The reader is gone.
    func breakOff() {
        isBroken = true
        buffer.clear()
    }

    /// The reader wants to read.
    func readerIsReady() {
        guard awaitsReader else { return }
        awaitsReader = false
        planDelivery()
    }

    private func planDelivery() {
        guard !isDeliveryPlanned, !isBroken, let reader else { return }
        isDeliveryPlanned = true
        world.plan(after: world.pace.network, on: reader.loop) { self.deliver() }
    }

    private func deliver() {
        isDeliveryPlanned = false
        guard !isBroken, let reader else { return }
        guard reader.wantsToRead else {
            awaitsReader = true
            return
        }
        if buffer.readableBytes > 0 {
            var count = buffer.readableBytes
            if world.random.isOne(in: world.pace.fragmentRarity) { count = world.random.draw(1...count) }
            guard let chunk = buffer.readSlice(length: count) else { return }
            if buffer.readableBytes > 0 || end != nil { planDelivery() }
            reader.receive(chunk)
            if let writer, writer.hasPendingWrites { world.plan(after: world.pace.loop, on: writer.loop) { writer.flushPending() } }
        } else if let end {
            reader.receiveEnd(end)
        }
    }
}
