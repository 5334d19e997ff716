import NIOCore
import ReservationWire

// How calls end: by an answer, a refusal, a failure or their deadline.

extension LaneCore {
    /// - Parameter daemon: which life of it said so.
    func refused(_ call: PendingCall, _ status: Status, _ reply: ErrorReply, by daemon: UInt128?) {
        let order = call.order
        if status == .outcomeUnknown, order.changesSomething { call.isFateUnknown = true }
        if status == .unavailable { call.unavailableAnswers += 1 }
        let next = AfterRefusal(
            to: status, retryAfterMilliseconds: reply.retryAfterMilliseconds, isRepeatable: order.isRepeatable,
            unavailableAnswers: call.unavailableAnswers, remaining: order.deadline - loop.now, using: &surroundings.generator)
        switch next {
        case .tryAgain(let pause):
            call.lastRefusal = (status, reply)
            call.place = .pausing
            loop.assumeIsolated().scheduleTask(in: pause) {
                guard case .pausing = call.place else { return }
                call.place = .waiting
                self.waiting.append(call)
                self.pump()
            }
        case .handOut where status == .outcomeUnknown && !order.isRepeatable && order.changesSomething:
            end(call, .failed(.daemonUnsure(order.opcode.name, reply.message)))
        case .handOut where call.isFateUnknown && status != .outcomeUnknown && status.statusClass == .overloaded:
            // This attempt did nothing, but an earlier one may have.
            end(call, .failed(.outcomeUnknown(order.opcode.name, underlying: status.name)))
        case .handOut where call.lostIn != nil && call.lostIn == daemon:
            // The daemon may come to read what the broken connection left it only after this, and find then what it did not find now.
            // Another daemon's word is final: it began after the one before had ended.
            end(call, .failed(.outcomeUnknown(order.opcode.name, underlying: status.name)))
        case .handOut:
            end(call, .refused(status, reply))
        }
    }

    func end(_ call: PendingCall, _ outcome: CallOutcome) {
        guard !call.hasEnded else { return }
        call.place = .ended
        calls[call.order.ticket] = nil
        gauge.end()
        call.order.completion(outcome)
    }

    /// Ends a call with what happened to its connection, unless an earlier attempt left its fate open, which weighs more.
    func fail(_ call: PendingCall, _ error: ClientError) {
        var error = error
        error.mayHaveExecuted = call.mayHaveExecuted
        if call.isFateUnknown {
            error = .outcomeUnknown(call.order.opcode.name, underlying: error.message)
        }
        end(call, .failed(error))
    }

    func failWaiting(_ error: ClientError) {
        let failed = waiting
        waiting.removeAll()
        for call in failed { fail(call, error) }
        failPings(error)
    }

    func failPings(_ error: ClientError) {
        let failed = pings
        pings = []
        for ping in failed { ping.completion(error) }
    }

    func dropEndedWaiters() {
        waiting.removeAll { $0.hasEnded }
    }

    func resumeClosersWhenDone() {
        guard case .closed = link, openConnections == 0 else { return }
        let done = closers
        closers = []
        for closer in done { closer() }
    }
}

// MARK: deadlines

extension LaneCore {
    /// One timer for all deadlines: it is set to the earliest and not moved when a call ends early, so a call costs a comparison.
    func wake(at deadline: NIODeadline) {
        if let alarm, alarm.at <= deadline { return }
        alarm?.timer.cancel()
        alarm = (deadline, loop.assumeIsolated().scheduleTask(deadline: deadline) { self.expire() })
    }

    func expire() {
        alarm = nil
        let now = loop.now
        var next: NIODeadline?
        var expired: [PendingCall] = []
        for call in calls.values {
            if call.order.deadline <= now {
                expired.append(call)
            } else {
                next = min(next ?? call.order.deadline, call.order.deadline)
            }
        }
        // In the order of asking, so that a run can be repeated.
        expired.sort { $0.order.ticket < $1.order.ticket }
        for call in expired {
            if case .inFlight(let connection, let requestID) = call.place {
                connection.forget(requestID)
            }
            end(call, call.outcomeAtDeadline(unreachable: whyUnreachable))
        }
        if !expired.isEmpty { dropEndedWaiters() }
        for ping in pings where ping.deadline <= now {
            ping.completion(whyUnreachable ?? .deadlineExceeded(mayHaveExecuted: false))
        }
        pings.removeAll { $0.deadline <= now }
        for ping in pings { next = min(next ?? ping.deadline, ping.deadline) }
        if let next { wake(at: next) }
    }

    /// Nil while there is a connection.
    var whyUnreachable: ClientError? {
        if case .up = link { return nil }
        return lastFailure ?? .noGreeting(socketPath: configuration.socketPath)
    }
}
