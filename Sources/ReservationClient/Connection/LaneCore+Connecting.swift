import NIOCore
import ReservationWire

// How a lane gets a connection, and what it makes of what connections report.

extension LaneCore {
    func open() {
        let connection = Connection(lane: self)
        link = .opening(connection)
        openConnections += 1
        let handler = NIOLoopBound(connection, eventLoop: loop)
        surroundings.connector
            .connect(to: configuration.socketPath, on: loop) { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(handler.value) }
            }
            .assumeIsolated().whenFailure { error in self.connectFailed(connection, error) }
    }

    func connectFailed(_ connection: Connection, _ error: any Error) {
        openConnections -= 1
        guard case .opening(let current) = link, current === connection else {
            resumeClosersWhenDone()
            return
        }
        link = .down
        switch ConnectFailure(error, socketPath: configuration.socketPath) {
        case .permanent(let error):
            failWaiting(error)
        case .transient(let error):
            lastFailure = error
            reconnectLater()
        }
    }

    func reconnectLater() {
        guard case .down = link, !waiting.isEmpty || !pings.isEmpty else { return }
        link = .pausing(
            loop.assumeIsolated().scheduleTask(in: backoff.next(using: &surroundings.generator)) {
                guard case .pausing = self.link else { return }
                self.link = .down
                self.pump()
            })
    }
}

// MARK: what connections report

extension LaneCore {
    func connectionIsUp(_ connection: Connection) {
        guard case .opening(let current) = link, current === connection else {
            connection.close()
            return
        }
        link = .up(connection)
        gauge.noteConnection()
        lastFailure = nil
        pump()
    }

    func connectionAnswered(_ connection: Connection, _ call: PendingCall, _ answer: Answer) {
        backoff.reset()
        switch answer {
        case .response(let payload, let encoding, let replayed):
            end(call, .response(payload: payload, encoding: encoding, replayed: replayed))
        case .refused(let status, let reply):
            refused(call, status, reply, by: connection.daemonInstance)
        }
    }

    func connectionPonged(_ id: UInt64) {
        backoff.reset()
        guard let index = pings.firstIndex(where: { $0.id == id && $0.isSent }) else { return }
        pings.remove(at: index).completion(nil)
    }

    /// GOAWAY: `unexecuted` were certainly not carried out and go first over the next connection, which is opened while the old one
    /// still answers what it accepted.
    func connectionDrains(_ connection: Connection, unexecuted: [PendingCall]) {
        waitAgain(unexecuted)
        if case .up(let current) = link, current === connection {
            link = .down
            for ping in pings { ping.isSent = false }
        }
        pump()
    }

    /// The connection is gone.
    ///
    /// - Parameter lost: what was in flight, in the order of asking: nobody knows whether it was carried out.
    func connectionEnded(_ connection: Connection, _ ending: Connection.Ending, lost: [PendingCall]) {
        openConnections -= 1
        defer { resumeClosersWhenDone() }
        defer { listener?.ended() }
        var wasOpening = false
        switch link {
        case .opening(let current) where current === connection:
            wasOpening = true
            link = .down
        case .up(let current) where current === connection:
            link = .down
            for ping in pings { ping.isSent = false }
        default: break
        }
        switch ending {
        case .lost(let error):
            if case .down = link { lastFailure = error }
            resendOrGiveUp(lost, by: connection.daemonInstance, underlying: error.underlying)
            goOn()
        case .violated(let error):
            for call in lost { fail(call, error) }
            // A peer that does not even greet is not the daemon; one that stumbled later is worth another connection.
            if wasOpening { failWaiting(error) } else { goOn() }
        }
    }

    func goOn() {
        if case .up = link { pump() } else { reconnectLater() }
    }

    func resendOrGiveUp(_ lost: [PendingCall], by daemon: UInt128?, underlying: String?) {
        var again: [PendingCall] = []
        for call in lost where !call.hasEnded {
            if call.order.changesSomething {
                call.isFateUnknown = true
                call.lostIn = daemon
            }
            if call.order.isRepeatable {
                again.append(call)
            } else {
                end(call, .failed(.outcomeUnknown(call.order.opcode.name, underlying: underlying)))
            }
        }
        waitAgain(again)
    }

    /// Puts calls back to the head of the queue, in their order.
    func waitAgain(_ calls: [PendingCall]) {
        for call in calls.reversed() where !call.hasEnded {
            call.place = .waiting
            waiting.prepend(call)
        }
    }
}
