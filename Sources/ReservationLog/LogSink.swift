import CSystemd
import Glibc

/// Where entries end. Called by the writer's thread alone; may take its time.
package protocol LogSink: Sendable {
    /// Writes everything or gives it up; there is nowhere to report a failure to.
    mutating func write(_ records: [LogRecord])
}

/// Readable lines on a file descriptor, a batch with one system call.
package struct LineSink: LogSink {
    let descriptor: Int32
    private var lines: [UInt8] = []
    private var clock = LogTime()

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    package mutating func write(_ records: [LogRecord]) {
        lines.removeAll(keepingCapacity: true)
        for record in records { LogLine.append(record, to: &lines, clock: &clock) }
        lines.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let written = Glibc.write(descriptor, bytes.baseAddress! + offset, bytes.count - offset)
                if written > 0 {
                    offset += written
                } else if written < 0 && errno == EAGAIN {
                    // Somebody who shares the descriptor made it non-blocking; the writer's thread can wait.
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&wait, 1, 1000)
                } else if written < 0 && errno != EINTR {
                    return
                }
            }
        }
    }
}

/// journald's native protocol, so that `journalctl RESERVATION_EVENT=reservation.creation.failed` works.
struct JournalSink: LogSink {
    let program: String
    private var entry = JournalEntry()
    /// For entries that journald does not take, while it restarts for instance.
    private var fallback = LineSink(descriptor: STDERR_FILENO)

    init(program: String) {
        self.program = program
    }

    mutating func write(_ records: [LogRecord]) {
        for record in records {
            entry.fill(record, program: program)
            if send() < 0 { fallback.write([record]) }
        }
    }

    private mutating func send() -> Int32 {
        let ends = entry.ends
        var bytes = entry.bytes
        return bytes.withUnsafeMutableBytes { buffer in
            withUnsafeTemporaryAllocation(of: iovec.self, capacity: ends.count) { fields in
                var start = 0
                for (index, end) in ends.enumerated() {
                    fields.initializeElement(at: index, to: iovec(iov_base: buffer.baseAddress! + start, iov_len: end - start))
                    start = end
                }
                return sd_journal_sendv(fields.baseAddress, Int32(ends.count))
            }
        }
    }
}
