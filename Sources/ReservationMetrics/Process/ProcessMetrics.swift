import CoreMetrics
import Glibc

extension MetricFamily {
    static let residentMemory = gauge("process_resident_memory_bytes", "Memory that the process holds.")
    static let processorTime = counter("process_cpu_seconds_total", "Processor time that the process has used.")
    static let openDescriptors = gauge("process_open_fds", "Files and sockets that the process has open.")
    static let processStart = gauge("process_start_time_seconds", "When the process began, in seconds since 1970.")
    static let buildInfo = gauge("reservation_build_info", "Which version runs; always 1.")
}

extension MetricRegistry {
    /// What the kernel knows of this process, read anew each time that the metrics are.
    ///
    /// - Parameters:
    ///   - program: the label by which programs are told apart.
    ///   - version: of the software.
    package func addProcess(program: String, version: String) {
        let label = ("program", program)
        let memory = gauge(.residentMemory, label)
        let descriptors = gauge(.openDescriptors, label)
        gauge(.processStart, label).record(ProcessFigures.startTime ?? 0)
        gauge(.buildInfo, label, ("version", version)).record(1)
        let time = measuredCounter(.processorTime, label)
        beforeReading {
            if let bytes = ProcessFigures.residentBytes { memory.record(bytes) }
            if let count = ProcessFigures.openDescriptors { descriptors.record(count) }
            if let seconds = ProcessFigures.processorSeconds { time.record(seconds) }
        }
    }
}

/// What /proc/self and the kernel's clocks tell. Everything is nil where it cannot be read, as without a free descriptor.
enum ProcessFigures {
    static var residentBytes: Int? {
        // The second number of /proc/self/statm counts resident pages (proc(5)).
        guard let fields = read("/proc/self/statm")?.split(separator: " "), fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    static var processorSeconds: Double? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return seconds(time)
    }

    static var openDescriptors: Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Two are the directory and its parent, one is the descriptor by which it is read.
        return max(0, count - 3)
    }

    /// Field 22 of /proc/self/stat: clock ticks since the machine began (proc(5)). The name, in brackets, may itself hold anything.
    /// Not by `btime` of /proc/stat: a unit with `ProcSubset=pid` has no such file.
    static var startTime: Double? {
        guard let text = read("/proc/self/stat"), let bracket = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: bracket)...].split(separator: " ")
        var (now, uptime) = (timespec(), timespec())
        guard fields.count > 19, let ticks = Double(fields[19]), clock_gettime(CLOCK_REALTIME, &now) == 0,
            clock_gettime(CLOCK_BOOTTIME, &uptime) == 0
        else { return nil }
        return ((seconds(now) - seconds(uptime) + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))) * 100).rounded() / 100
    }

    private static func seconds(_ time: timespec) -> Double { Double(time.tv_sec) + Double(time.tv_nsec) / 1e9 }

    /// These files have some hundred bytes.
    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
