import CEpoll
import Glibc

/// Sends the requests of a book over some connections and notes when each was answered. One thread: it shares its machine with what it
/// measures, so it does as little as possible while the clock runs.
final class LoadRun<Scanner: AnswerScanner> {
    private let lanes: [Lane<Scanner>]
    private let pace: Pace
    private let total: Int
    private let epoll: Int32
    /// Whether epoll tells when a lane can be written to.
    private var watchesWriting: [Bool]
    private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    private var next = 0
    private var answered = 0
    private var started: Int64 = 0
    private var ended: Int64 = 0
    /// After this nothing more is sent.
    private var stopsAt = Int64.max
    /// When each request was sent or due, and then how long it took.
    private var origins: [Int64]
    private var latencies: [Int64]
    private var refusals: [UInt16: Int] = [:]
    private var answers: [Answer] = []
    private var cursor = 0

    /// An answer that takes longer is taken for lost.
    private static var patience: Int64 { 60_000_000_000 }

    /// - Parameters:
    ///   - lanes: connected and ready for requests.
    ///   - total: how many requests the book has.
    ///   - seconds: after so long nothing more is sent; nil for all of the book.
    init(lanes: [Lane<Scanner>], total: Int, pace: Pace, seconds: Double?) throws(BenchFailure) {
        self.lanes = lanes
        self.pace = pace
        self.total = total
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        watchesWriting = Array(repeating: false, count: lanes.count)
        origins = Array(repeating: 0, count: total)
        latencies = Array(repeating: -1, count: total)
        if let seconds { stopsAt = Int64(seconds * 1e9) }
        guard epoll >= 0 else { throw BenchFailure("Could not make an epoll: \(String(cString: strerror(errno)))") }
        for index in lanes.indices {
            try lanes[index].socket.stopBlocking()
            try watch(index, EPOLL_CTL_ADD, writing: false)
        }
    }

    deinit {
        close(epoll)
        room.deallocate()
    }

    /// Runs until every request that was sent is answered.
    ///
    /// - Throws: when one is not, or twice, or something else than an answer comes.
    func run() throws(BenchFailure) -> LoadResult {
        _ = reservation_bench_wake_on_time()
        let processorBefore = ProcessorTime.ofThisProcess()
        started = MonotonicTime.now()
        if stopsAt != .max { stopsAt += started }
        ended = started
        var events = Array(repeating: epoll_event(), count: lanes.count)
        while true {
            try sendDue()
            guard answered < next || (next < total && MonotonicTime.now() < stopsAt) else { break }
            let count = wait(&events)
            let now = MonotonicTime.now()
            guard count > 0 || now - ended < Self.patience else {
                throw BenchFailure("\(next - answered) requests had no answer within \(Self.patience / 1_000_000_000) s")
            }
            for event in events[..<max(0, Int(count))] {
                let index = Int(event.data.u64)
                if event.events & EPOLLOUT.rawValue != 0 { try resumeWriting(index) }
                if event.events & ~EPOLLOUT.rawValue != 0 { try receive(index) }
            }
        }
        return LoadResult(
            answered: answered, refusals: refusals, nanoseconds: ended - started, latencies: latencies[..<next].filter { $0 >= 0 },
            processorNanoseconds: ProcessorTime.ofThisProcess() - processorBefore)
    }

    // MARK: sending

    private func sendDue() throws(BenchFailure) {
        switch pace {
        case .inFlight(let limit) where next == 0:
            // Later ones are sent where an answer has made room.
            for index in lanes.indices {
                try send(limit / lanes.count + (index < limit % lanes.count ? 1 : 0), on: index, now: MonotonicTime.now())
            }
        case .inFlight:
            return
        case .perSecond(let rate):
            let now = MonotonicTime.now()
            guard now < stopsAt else { return }
            var due = min(total, Int(Double(now - started) * rate / 1e9) + 1)
            while next < due, let (index, roomLeft) = freeLane() {
                due = min(due, total)
                try send(min(due - next, roomLeft), on: index, now: now)
            }
        }
    }

    private func send(_ count: Int, on index: Int, now: Int64) throws(BenchFailure) {
        let requests = next..<min(total, next + count)
        guard !requests.isEmpty, now < stopsAt else { return }
        next = requests.upperBound
        switch pace {
        case .inFlight: for request in requests { origins[request] = now }
        case .perSecond(let rate): for request in requests { origins[request] = started + Int64(Double(request) * 1e9 / rate) }
        }
        try lanes[index].send(requests)
        if lanes[index].hasUnwritten, !watchesWriting[index] { try watch(index, EPOLL_CTL_MOD, writing: true) }
    }

    /// The next lane in turn on which another request may be sent, and how many.
    private func freeLane() -> (index: Int, room: Int)? {
        for _ in lanes.indices {
            cursor = (cursor + 1) % lanes.count
            let room = Scanner.requestsPerConnection - lanes[cursor].inFlight
            if room > 0 { return (cursor, room) }
        }
        return nil
    }

    private func resumeWriting(_ index: Int) throws(BenchFailure) {
        try lanes[index].write()
        if !lanes[index].hasUnwritten { try watch(index, EPOLL_CTL_MOD, writing: false) }
    }

    // MARK: receiving

    private func receive(_ index: Int) throws(BenchFailure) {
        answers.removeAll(keepingCapacity: true)
        while try lanes[index].read(using: room, into: &answers) {}
        guard !answers.isEmpty else { return }
        let now = MonotonicTime.now()
        ended = now
        for answer in answers {
            guard let request = answer.request, request < next, latencies[request] < 0 else {
                throw BenchFailure("A request was answered twice, or one that was never sent")
            }
            latencies[request] = now - origins[request]
            if answer.refusal != 0 { refusals[answer.refusal, default: 0] += 1 }
        }
        answered += answers.count
        if case .inFlight = pace { try send(answers.count, on: index, now: now) }
    }

    // MARK: waiting

    private func watch(_ index: Int, _ operation: Int32, writing: Bool) throws(BenchFailure) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (writing ? EPOLLOUT.rawValue : 0)
        event.data.u64 = UInt64(index)
        guard epoll_ctl(epoll, operation, lanes[index].socket.descriptor, &event) == 0 else {
            throw BenchFailure("Could not watch a connection: \(String(cString: strerror(errno)))")
        }
        watchesWriting[index] = writing
    }

    /// Until a lane is ready or, at a fixed rate, the next request is due.
    private func wait(_ events: inout [epoll_event]) -> Int32 {
        var nanoseconds: Int64 = 1_000_000_000
        if case .perSecond(let rate) = pace, next < total {
            nanoseconds = min(nanoseconds, started + Int64(Double(next) * 1e9 / rate) - MonotonicTime.now())
        }
        var timeout = timespec(tv_sec: 0, tv_nsec: Int(max(0, min(nanoseconds, 999_999_999))))
        return epoll_pwait2(epoll, &events, Int32(events.count), &timeout, nil)
    }
}
