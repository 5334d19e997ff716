import NIOCore
import ReservationWire

/// Hears of what nobody waits for: messages that the daemon sends unasked, and the ends of connections.
///
/// Called on the lane's event loop; must only hand over.
struct ConnectionListener: Sendable {
    /// - Returns: false when it makes no sense; then the connection ends.
    let event: @Sendable (Frame) -> Bool
    /// A connection is gone, whichever of the lane's: nothing more is told on it.
    let ended: @Sendable () -> Void
}
