import NIOCore
import ReservationWire

/// Hears of what nobody waits for: messages that the daemon sends unasked, and the ends of connections.
///
/// Called on the lane's event loop; must only hand over.
struct ConnectionListener: Sendable {
    let event: @Sendable (Frame) -> Void
    /// The daemon tells nothing more on that connection.
    let ended: @Sendable () -> Void
}
