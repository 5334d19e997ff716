import NIOCore

/// What happened in a run, in order; a running hash tells whether two runs were the same.
struct Trace: Sendable {
    enum Event: String, Sendable {
        case connect
        case refuseConnect = "refuse connect"
        case accept, bytes, close, reset, drop
        case start, drain, exit, kill, restart, terminal
        case begin, commit, rollback, unavailable
        case deviceFailed = "device failed"
        case crash
        case callBegins = "call begins"
        case callEnds = "call ends"
        case cancel, heal
        case watchBegins = "watch begins"
        case watchBreaks = "watch breaks"
        case slotsChanged = "slots changed"
        case leased, mailed
    }

    struct Entry: Sendable, CustomStringConvertible {
        var time: NIODeadline
        var event: Event
        var first: Int
        var second: Int

        var description: String {
            let microseconds = (time.uptimeNanoseconds - 1_000_000_000_000) / 1000
            return "\(microseconds) µs  \(event.rawValue) \(first) \(second)"
        }
    }

    private(set) var entries: [Entry] = []
    /// FNV-1a over all entries.
    private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func record(_ event: Event, _ first: Int = 0, _ second: Int = 0, at time: NIODeadline) {
        entries.append(Entry(time: time, event: event, first: first, second: second))
        mix(time.uptimeNanoseconds)
        for byte in event.rawValue.utf8 { mix(UInt64(byte)) }
        mix(UInt64(bitPattern: Int64(first)))
        mix(UInt64(bitPattern: Int64(second)))
    }

    private mutating func mix(_ value: UInt64) {
        hash = (hash ^ value) &* 0x0000_0100_0000_01b3
    }
}

extension World {
    func note(_ event: Trace.Event, _ first: Int = 0, _ second: Int = 0) {
        trace.record(event, first, second, at: now)
    }
}
