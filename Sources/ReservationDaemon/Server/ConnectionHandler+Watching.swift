import NIOCore
import ReservationCore
import ReservationWire

// How a connection hears of slots that change (spec, section 20.8).

extension ConnectionHandler {
    /// The connection's subscription.
    struct Watch {
        let watcher: SlotWatcher
        /// Of the latest `slots.watch`.
        var address: ReplyAddress
    }

    /// To be called before the RESPONSE is written: what is committed after that is told.
    func beginWatching(_ submission: Submission) {
        // A connection that is gone would never end it; one on which GOAWAY was said is told no more.
        guard mayTell else { return }
        let address = ReplyAddress(requestID: submission.requestID, opcode: submission.opcode, encoding: submission.encoding)
        guard watch == nil else {
            watch?.address = address
            return
        }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let watcher = SlotWatcher(eventLoop: eventLoop, interval: server.settings.eventInterval) { _ in bound.value.tellChanges() }
        watch = Watch(watcher: watcher, address: address)
        server.ledger.watchers.add(watcher)
    }

    func endWatching() {
        guard let watch else { return }
        server.ledger.watchers.remove(watch.watcher)
        self.watch = nil
    }

    /// While answers wait to be read, changes wait with the watcher, where the next state of a slot takes the place of the last.
    private func tellChanges() {
        guard mayTell, let watch else { return }
        let room = unwrittenBytes > 0 ? 0 : server.settings.slotsPerEvent
        let slots = watch.watcher.take(room)
        guard !slots.isEmpty else { return }
        let isWritten = Frames.writeEvent(to: watch.address, SlotsChanged(slots: slots.map { SlotMessage($0) }), into: &output)
        assert(isWritten, "an event's slots fit a frame")
        flushOutput()
    }
}
