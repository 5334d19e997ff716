import NIOCore
import ReservationWire

/// What goes to open pages (HTML Standard, section 9.2, server-sent events).
enum ServerSentEvents {
    /// How soon a browser connects again, in milliseconds.
    static let retry = ByteBuffer(string: "retry: 3000\n\n")
    /// A comment: keeps proxies from thinking that the connection is dead.
    static let heartbeat = ByteBuffer(string: ":\n\n")
    /// Something may have been missed: ask for the calendar anew.
    static let refresh = ByteBuffer(string: "event: refresh\ndata: {}\n\n")

    /// The slots as they are now, each in the form of `GET available`; one that was closed says so.
    static func slots(_ slots: [SlotMessage]) throws(PublicFailure) -> ByteBuffer {
        var event = ByteBuffer(string: "event: slots\ndata: ")
        try AvailableSlotsEndpoint.write(slots, to: &event)
        event.writeStaticString("\n\n")
        return event
    }
}
