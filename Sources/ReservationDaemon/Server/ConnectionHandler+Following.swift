import NIOCore
import ReservationCore
import ReservationWire

// How a connection hears of what happens (spec, section 20.294).

extension ConnectionHandler {
    /// The connection's subscription to events.
    struct Following {
        let follower: EventFollower
        /// Reads from the store what is not in memory any more.
        let reader: EventReader
        /// Of the latest `events.subscribe`.
        var address: ReplyAddress
        /// Of the last event that was told.
        var position: Int64
        /// A page is on its way from the store.
        var isReading = false
    }

    /// How long to wait before the store is asked again after it could not answer.
    private static let pause = TimeAmount.milliseconds(500)

    /// To be called before the RESPONSE is written; the events follow it.
    func beginFollowing(_ submission: Submission, behind position: Int64) {
        // A connection that is gone would never end it; one on which GOAWAY was said is told no more.
        guard mayTell else { return }
        let address = ReplyAddress(requestID: submission.requestID, opcode: submission.opcode, encoding: submission.encoding)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        endFollowing()
        let follower = EventFollower(eventLoop: eventLoop) { bound.value.tellEvents() }
        following = Following(
            follower: follower, reader: EventReader(handler: self, eventLoop: eventLoop), address: address, position: position)
        server.ledger.eventTail.add(follower)
        // Also what was committed before it was added, and what is old.
        follower.wake()
    }

    func endFollowing() {
        guard let following else { return }
        server.ledger.eventTail.remove(following.follower)
        self.following = nil
    }

    /// Tells the next events, if the peer has taken the last ones. Who does not read costs nothing meanwhile: what it misses is read for
    /// it when it goes on.
    func tellEvents() {
        guard mayTell, unwrittenBytes == 0, let following, !following.isReading else { return }
        switch server.ledger.eventTail.events(behind: following.position, limit: Limits.eventsPerPage) {
        case .nothing: break
        case .events(let events): tell(events)
        case .stored: readEvents()
        }
    }

    private func tell(_ events: [PlacedEvent]) {
        guard let following, let last = events.last else { return }
        let isWritten = Frames.writeEvent(
            to: following.address, EventsHappened(events: events.map { EventMessage($0) }), into: &output)
        assert(isWritten, "a page of events fits a frame")
        self.following?.position = last.position
        flushOutput()
    }

    private func readEvents() {
        guard let following else { return }
        let now = eventLoop.now
        let submission = Submission(
            requestID: following.address.requestID, opcode: .eventsSubscribe, encoding: .tlv,
            command: .events(.read(behind: following.position)), deadline: now + .seconds(10), receivedAt: now)
        if server.ledger.submit([submission], for: following.reader) {
            self.following?.isReading = true
        } else {
            readEventsLater()
        }
    }

    private func readEventsLater() {
        guard let follower = following?.follower else { return }
        eventLoop.scheduleTask(in: Self.pause) { follower.wake() }
    }

    /// - Parameter reader: who asked; what an earlier subscription asked for is of no more use.
    func eventsRead(_ outcome: Outcome, by reader: EventReader) {
        guard let following, following.reader === reader else { return }
        self.following?.isReading = false
        switch outcome {
        case .events(.page(let events)) where events.first?.position == following.position + 1:
            guard mayTell else { return }
            tell(events)
        // The peer was so slow that what it wants next is forgotten. On its next connection it is told so.
        case .events(.trimmed): close()
        default: readEventsLater()
        }
    }
}

/// Takes what the ledger has read for a subscription.
final class EventReader: OutcomeSink {
    private let handler: NIOLoopBound<ConnectionHandler>
    private let eventLoop: any EventLoop

    init(handler: ConnectionHandler, eventLoop: any EventLoop) {
        self.handler = NIOLoopBound(handler, eventLoop: eventLoop)
        self.eventLoop = eventLoop
    }

    func deliver(_ answered: [(Submission, Outcome)]) {
        eventLoop.execute {
            for (_, outcome) in answered { self.handler.value.eventsRead(outcome, by: self) }
        }
    }
}
