import Glibc
import ReservationCore

/// The machine's own idea of the time.
package enum WallClock {
    package static let now: @Sendable () -> Instant = { Instant(seconds: Int64(time(nil))) }
}
