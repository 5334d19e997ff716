import Glibc
import ReservationCore

/// The machine's wall clock.
package enum SystemClock {
    package static let now: @Sendable () -> Instant = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(seconds: Int64(time.tv_sec))
    }
}
