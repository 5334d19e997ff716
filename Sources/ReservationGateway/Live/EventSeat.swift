/// A place among the open pages, taken before the page is answered and given back when nobody holds it any more.
package final class EventSeat: Sendable, Equatable {
    let topic: SlotTopic
    let broadcast: SlotBroadcast

    /// Of ``SlotBroadcast`` alone, which counts them.
    init(topic: SlotTopic, broadcast: SlotBroadcast) {
        self.topic = topic
        self.broadcast = broadcast
    }

    deinit { broadcast.leave(topic) }

    package static func == (left: EventSeat, right: EventSeat) -> Bool { left === right }
}
