import Glibc

/// The most memory a process ever had resident (`VmHWM` of proc(5)).
enum PeakMemory {
    static func kibibytes(ofProcess process: Int32) -> Int? {
        guard let file = fopen("/proc/\(process)/status", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            if strncmp(line, "VmHWM:", 6) == 0 { return line.withUnsafeBufferPointer { $0.baseAddress.map { strtol($0 + 6, nil, 10) } } }
        }
        return nil
    }
}
