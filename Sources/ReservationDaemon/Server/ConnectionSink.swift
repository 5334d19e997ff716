import NIOCore

/// Carries outcomes from the ledger's thread to the connection's event loop: one hop a group.
final class ConnectionSink: OutcomeSink {
    private let handler: NIOLoopBound<ConnectionHandler>
    private let eventLoop: any EventLoop

    init(handler: ConnectionHandler, eventLoop: any EventLoop) {
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
        self.eventLoop = eventLoop
    }

    func deliver(_ answered: [(Submission, Outcome)]) {
        eventLoop.execute { self.handler.value.answer(answered) }
    }

    func remind(at moment: NIODeadline, _ work: @escaping @Sendable () -> Void) {
        eventLoop.scheduleTask(deadline: moment, work)
    }
}
