import NIOCore

/// The open pages whose connections are on one event loop, where it lives.
///
/// Thousands of pages hear the same piece. They are written to some at a time, and between two such turns the loop looks at its other
/// connections: a booking waits for a turn, not for all pages.
final class SlotAudience {
    /// Pages in one turn: some 10 µs each.
    private static let pagesAtOnce = 32
    /// In the future, so that the loop finds no task due and looks at its sockets first.
    private static let pause = TimeAmount.microseconds(200)
    /// Proxies take a connection on which nothing is said for a minute to be dead.
    private static let heartbeat = TimeAmount.seconds(20)

    private struct Delivery {
        let event: ByteBuffer
        var pages: ArraySlice<OpenPage>
    }

    private let loop: any EventLoop
    private var pages: [SlotTopic: [ObjectIdentifier: OpenPage]] = [:]
    private var deliveries = CircularBuffer<Delivery>()
    private var nextHeartbeat: Scheduled<Void>?
    private var isClosed = false

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func add(_ page: OpenPage, _ topic: SlotTopic) {
        guard !isClosed else { return page.end() }
        pages[topic, default: [:]][ObjectIdentifier(page)] = page
        if nextHeartbeat == nil { scheduleHeartbeat() }
    }

    func remove(_ page: OpenPage, _ topic: SlotTopic) {
        pages[topic]?[ObjectIdentifier(page)] = nil
        if pages[topic]?.isEmpty ?? false { pages[topic] = nil }
        guard pages.isEmpty else { return }
        nextHeartbeat?.cancel()
        nextHeartbeat = nil
    }

    func tell(_ event: ByteBuffer, _ topic: SlotTopic) {
        guard let listening = pages[topic] else { return }
        deliver(event, to: Array(listening.values))
    }

    func tellAll(_ event: ByteBuffer) {
        deliver(event, to: pages.values.flatMap(\.values))
    }

    func close() {
        isClosed = true
        for page in pages.values.flatMap(\.values) { page.end() }
    }

    private func scheduleHeartbeat() {
        nextHeartbeat = loop.assumeIsolated().scheduleTask(in: Self.heartbeat) {
            self.tellAll(ServerSentEvents.heartbeat)
            self.scheduleHeartbeat()
        }
    }

    private func deliver(_ event: ByteBuffer, to pages: [OpenPage]) {
        guard !pages.isEmpty else { return }
        deliveries.append(Delivery(event: event, pages: pages[...]))
        if deliveries.count == 1 { takeTurn() }
    }

    private func takeTurn() {
        guard var delivery = deliveries.first else { return }
        for page in delivery.pages.prefix(Self.pagesAtOnce) { page.tell(delivery.event) }
        delivery.pages = delivery.pages.dropFirst(Self.pagesAtOnce)
        if delivery.pages.isEmpty { deliveries.removeFirst() } else { deliveries[deliveries.startIndex] = delivery }
        guard !deliveries.isEmpty else { return }
        loop.assumeIsolated().scheduleTask(in: Self.pause) { self.takeTurn() }
    }
}

/// The audiences of a group's event loops.
struct SlotAudiences: Sendable {
    private let audiences: [ObjectIdentifier: NIOLoopBoundBox<SlotAudience>]
    let anyLoop: any EventLoop

    init(_ group: any EventLoopGroup) {
        audiences = Dictionary(
            uniqueKeysWithValues: group.makeIterator().map { loop in
                (
                    ObjectIdentifier(loop),
                    NIOLoopBoundBox.makeBoxSendingValue(SlotAudience(loop), as: SlotAudience.self, eventLoop: loop)
                )
            })
        anyLoop = group.next()
    }

    /// To be called on the loop, which must be one of the group's.
    func audience(on loop: any EventLoop) -> SlotAudience {
        guard let box = audiences[ObjectIdentifier(loop)] else { preconditionFailure("connections are on loops of the server's group") }
        return box.value
    }

    /// On the loop of each.
    func onEachLoop(_ body: @escaping @Sendable (SlotAudience) -> Void) {
        for box in audiences.values { box.eventLoop.execute { body(box.value) } }
    }
}
