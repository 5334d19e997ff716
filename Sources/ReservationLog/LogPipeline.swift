import CSystemd
import Glibc
import Synchronization

/// The way from any number of callers to one writer.
///
/// A caller never waits for a disk, a terminal or journald: it appends to a bounded list under a lock that is held for nanoseconds.
/// What does not fit is dropped and counted, and the count is reported as soon as there is room (``EventName/logDropped``).
/// The writer takes everything at once, and after a batch gathers for a few milliseconds, so that a busy program wakes it a hundred
/// times a second rather than twenty thousand times.
package final class LogPipeline: Sendable {
    private struct State {
        var records: [LogRecord] = []
        var dropped = 0
        /// The writer waits for the pipe without a time limit: the next caller has to wake it.
        var writerSleeps = false
        var isClosed = false
        var hasEnded = false
        /// Batches asked for by ``flush(within:)``, and done.
        var flushesAsked = 0
        var flushesDone = 0
    }

    /// Most entries that wait. With the usual half kilobyte an entry that bounds the memory to a few megabytes.
    package let capacity: Int
    private let gatherMilliseconds: Int32
    private let state = Mutex(State())
    private let readEnd: Int32
    private let writeEnd: Int32

    /// Starts the writer's thread, which lives until ``close(within:)``.
    ///
    /// - Parameters:
    ///   - gatherMilliseconds: how long entries are gathered after a batch before the next one is written.
    package init(sink: any LogSink, capacity: Int = 8192, gatherMilliseconds: Int32 = 10) {
        self.capacity = capacity
        self.gatherMilliseconds = gatherMilliseconds
        var ends: [Int32] = [-1, -1]
        // Without a pipe (no descriptors left) poll() ignores -1 and the writer falls back to its time limit.
        _ = pipe(&ends)
        for end in ends where end >= 0 {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        self.readEnd = ends[0]
        self.writeEnd = ends[1]
        startWriter(sink)
    }

    deinit {
        if readEnd >= 0 {
            Glibc.close(readEnd)
            Glibc.close(writeEnd)
        }
    }

    /// Takes one entry, or counts it as lost when the list is full or closed.
    package func append(_ record: @autoclosure () -> LogRecord) {
        let wake = state.withLock { state in
            guard state.records.count < capacity, !state.isClosed else {
                state.dropped += 1
                return false
            }
            state.records.append(record())
            let wake = state.writerSleeps
            state.writerSleeps = false
            return wake
        }
        if wake { wakeWriter() }
    }

    /// Returns once everything appended before the call is written, or after `limit` when the destination does not take it.
    package func flush(within limit: Duration = .seconds(2)) {
        let (ticket, ended) = state.withLock { state in
            state.flushesAsked += 1
            state.writerSleeps = false
            return (state.flushesAsked, state.hasEnded)
        }
        if ended { return }
        wakeWriter()
        wait(within: limit) { $0.flushesDone >= ticket || $0.hasEnded }
    }

    /// Writes what is there and ends the writer's thread. Later entries are dropped.
    package func close(within limit: Duration = .seconds(2)) {
        state.withLock { state in
            state.isClosed = true
            state.writerSleeps = false
        }
        wakeWriter()
        wait(within: limit) { $0.hasEnded }
    }

    /// Only ``flush(within:)`` and ``close(within:)`` wait, at a program's end, so a short nap does in place of a condition variable.
    private func wait(within limit: Duration, for condition: (borrowing State) -> Bool) {
        let deadline = ContinuousClock.now + limit
        while !state.withLock({ condition($0) }), ContinuousClock.now < deadline { usleep(200) }
    }

    private func wakeWriter() {
        var byte: UInt8 = 1
        _ = Glibc.write(writeEnd, &byte, 1)
    }

    // MARK: The writer

    private final class Start {
        let pipeline: LogPipeline
        let sink: any LogSink
        init(pipeline: LogPipeline, sink: any LogSink) {
            self.pipeline = pipeline
            self.sink = sink
        }
    }

    private func startWriter(_ sink: any LogSink) {
        var thread = pthread_t()
        // The thread must not receive signals: what waits for SIGTERM is elsewhere. It inherits this mask.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        let start = Unmanaged.passRetained(Start(pipeline: self, sink: sink))
        let failed = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                reservation_name_thread("log")
                start.pipeline.run(start.sink)
                return nil
            }, start.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard failed == 0 else {
            start.release()
            state.withLock { state in
                state.isClosed = true
                state.hasEnded = true
            }
            return
        }
        pthread_detach(thread)
    }

    private enum Turn {
        case write(flushes: Int)
        case sleep
        case end
    }

    private func run(_ sink: any LogSink) {
        var sink = sink
        var batch: [LogRecord] = []
        while true {
            batch.removeAll(keepingCapacity: true)
            switch take(&batch) {
            case .write(let flushes):
                if !batch.isEmpty { sink.write(batch) }
                state.withLock { $0.flushesDone = max($0.flushesDone, flushes) }
                pause(gatherMilliseconds)
            case .sleep:
                pause(readEnd >= 0 ? -1 : gatherMilliseconds)
            case .end:
                state.withLock { $0.hasEnded = true }
                return
            }
        }
    }

    private func take(_ batch: inout [LogRecord]) -> Turn {
        state.withLock { state in
            swap(&state.records, &batch)
            if state.dropped > 0 {
                batch.append(
                    LogRecord(
                        time: LogRecord.now(), level: .warning, message: "\(EventName.logDropped.text)",
                        fields: [.count: "\(state.dropped)"], label: "log"))
                state.dropped = 0
            }
            if !batch.isEmpty || state.flushesDone < state.flushesAsked { return .write(flushes: state.flushesAsked) }
            if state.isClosed { return .end }
            state.writerSleeps = true
            return .sleep
        }
    }

    /// Waits for a byte in the pipe, at most `milliseconds` (-1: without limit), and empties the pipe.
    private func pause(_ milliseconds: Int32) {
        var wait = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        guard poll(&wait, 1, milliseconds) > 0 else { return }
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            while Glibc.read(readEnd, buffer.baseAddress, buffer.count) == buffer.count {}
        }
    }
}
