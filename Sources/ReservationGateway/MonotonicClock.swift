import Glibc

/// Time for intervals: it never goes back, and says nothing about the day.
package enum MonotonicClock {
    /// Seconds since some moment before this process.
    @Sendable
    package static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
