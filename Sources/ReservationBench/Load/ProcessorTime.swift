import Glibc

/// Time that processors spent, in the program and in the kernel on its behalf, in nanoseconds.
enum ProcessorTime {
    static func ofThisProcess() -> Int64 {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime)
    }

    /// - Returns: nil when there is no such process, or none that one may ask about.
    static func of(process: Int32) -> Int64? {
        // The clock of another process: clock_getcpuclockid(3).
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else { return nil }
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private static func nanoseconds(_ time: timeval) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec) * 1000
    }
}
