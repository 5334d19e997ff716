import NIOCore

/// One of the client's connections across all its reconnects: the side that lives on the event loop.
///
/// It keeps the calls that wait, opens a connection when there are any, and decides what becomes of a call that a connection gave back.
/// Every call that begins here ends here exactly once.
final class LaneCore {
    enum Link {
        case down
        case pausing(Scheduled<Void>)
        /// Until the HELLO_ACK.
        case opening(Connection)
        case up(Connection)
        case closed
    }

    let configuration: ClientConfiguration
    let loop: any EventLoop
    let gauge: CallGauge
    var link = Link.down
    /// Calls to be written next, in order; ended ones are skipped when their turn comes.
    var waiting = CircularBuffer<PendingCall>()
    /// Every call that has not ended, wherever it stands.
    var calls: [UInt64: PendingCall] = [:]
    var pings: [PendingPing] = []
    var backoff: Backoff
    var alarm: (at: NIODeadline, timer: Scheduled<Void>)?
    /// Why there is no connection, for calls whose deadline passes.
    var lastFailure: ClientError?
    /// Connections that are not closed yet, drained ones included.
    var openConnections = 0
    var closers: [@Sendable () -> Void] = []
    var surroundings: ClientSurroundings
    let listener: ConnectionListener?

    init(
        configuration: ClientConfiguration, gauge: CallGauge, loop: any EventLoop, surroundings: ClientSurroundings,
        listener: ConnectionListener?
    ) {
        self.configuration = configuration
        self.gauge = gauge
        self.loop = loop
        self.surroundings = surroundings
        self.listener = listener
        self.backoff = Backoff(configuration.connectBackoff)
    }
}

// MARK: what the callers want

extension LaneCore {
    func begin(_ order: CallOrder) {
        let call = PendingCall(order)
        calls[order.ticket] = call
        if case .closed = link {
            end(call, .failed(.clientClosed))
            return
        }
        waiting.append(call)
        wake(at: order.deadline)
    }

    /// The caller gives up. The daemon is told; it answers all the same, and a change may be made all the same.
    func cancel(_ ticket: UInt64) {
        if let index = pings.firstIndex(where: { $0.id == ticket }) {
            pings.remove(at: index).completion(.cancelled(mayHaveExecuted: false))
        }
        guard let call = calls[ticket] else { return }
        if case .inFlight(let connection, let requestID) = call.place {
            connection.abandon(requestID)
        }
        end(call, .failed(.cancelled(mayHaveExecuted: call.mayHaveExecuted)))
        // Ended calls are dropped when their turn comes; only where they pile up without a connection are they swept out.
        if waiting.count > 2 * calls.count + 64 { dropEndedWaiters() }
    }

    func ping(id: UInt64, deadline: NIODeadline, _ completion: @escaping @Sendable (ClientError?) -> Void) {
        if case .closed = link {
            completion(.clientClosed)
            return
        }
        pings.append(PendingPing(id: id, deadline: deadline, completion: completion))
        wake(at: deadline)
    }

    func close(_ completion: (@Sendable () -> Void)?) {
        let previous = link
        link = .closed
        for call in calls.values.sorted(by: { $0.order.ticket < $1.order.ticket }) {
            var error = ClientError.clientClosed
            error.mayHaveExecuted = call.mayHaveExecuted
            end(call, .failed(error))
        }
        waiting.removeAll()
        failPings(.clientClosed)
        alarm?.timer.cancel()
        alarm = nil
        switch previous {
        case .pausing(let timer): timer.cancel()
        case .opening(let connection), .up(let connection): connection.close()
        case .down, .closed: break
        }
        if let completion { closers.append(completion) }
        resumeClosersWhenDone()
    }

    /// Writes what waits, as far as the connection takes it, or sees to it that there will be a connection.
    func pump() {
        if case .up(let connection) = link {
            for ping in pings where !ping.isSent {
                ping.isSent = true
                connection.ping(ping.id)
            }
            // Each turn looks anew: a write may have ended the connection and given calls back.
            while case .up(let current) = link, current === connection, let requests = connection.takeRequests(from: &waiting) {
                connection.write(requests)
            }
            return
        }
        while let call = waiting.first, call.hasEnded { waiting.removeFirst() }
        guard case .down = link, !waiting.isEmpty || !pings.isEmpty else { return }
        open()
    }
}
