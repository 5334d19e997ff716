/// When a zone's clocks were and will be at which offset from UTC, read from a compiled IANA zone file (TZif, RFC 9636).
///
/// Core imports nothing, so the bytes are handed in; whoever does the I/O reads them from the system's zone database.
package struct TimeZoneRules: Sendable, Equatable {
    /// Offsets in force from each moment on, in ascending order.
    private var transitions: [Transition] = []
    /// In force before the first transition, in seconds east of UTC.
    private var firstOffset: Int32 = 0
    /// How the rule goes on after the last transition.
    private var footer: PosixTimeZone?

    private struct Transition: Sendable, Equatable {
        var at: Int64
        var offset: Int32
    }

    /// Coordinated Universal Time.
    package static let utc = TimeZoneRules()

    private init() {}

    /// - Parameter tzif: the whole content of a zone file of version 2 or later.
    /// - Returns: nil when the bytes are not of that form.
    package init?(tzif: [UInt8]) {
        // The first block is in 32-bit times for old readers; the second has the same in 64 bits and the footer.
        guard let first = TZifBlock(tzif[...], timeBytes: 4), first.version >= 0x32,
            let block = TZifBlock(tzif[first.end...], timeBytes: 8)
        else { return nil }
        guard let standard = block.offset(ofType: 0) else { return nil }
        firstOffset = standard
        for index in 0..<block.timeCount {
            guard let offset = block.offset(ofTransition: index) else { return nil }
            let at = block.time(index)
            guard transitions.last.map({ $0.at < at }) ?? true else { return nil }
            transitions.append(Transition(at: at, offset: offset))
        }
        let text = tzif[block.end...]
        guard text.first == 0x0A, let close = text.dropFirst().firstIndex(of: 0x0A) else { return nil }
        let rule = text[(text.startIndex + 1)..<close]
        if !rule.isEmpty {
            guard let parsed = PosixTimeZone(rule) else { return nil }
            footer = parsed
        }
    }

    /// Seconds east of UTC in force at an instant.
    package func offset(at instant: Instant) -> Int64 {
        guard let last = transitions.last else {
            return footer?.offset(at: instant.seconds) ?? Int64(firstOffset)
        }
        if instant.seconds >= last.at {
            return footer?.offset(at: instant.seconds) ?? Int64(last.offset)
        }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= instant.seconds { low = middle + 1 } else { high = middle }
        }
        return Int64(low == 0 ? firstOffset : transitions[low - 1].offset)
    }

    /// The day on the wall calendar at an instant; nil outside the years 2000 ... 2199.
    package func date(at instant: Instant) -> CalendarDate? {
        let local = instant.seconds + offset(at: instant)
        return CalendarDate(dayNumber: Int((local >= 0 ? local : local - 86_399) / 86_400))
    }

    /// Whether the clocks show `time` on `date`: not where they are put forward over it.
    package func shows(_ time: TimeOfDay, on date: CalendarDate) -> Bool {
        let instant = instant(of: date, time)
        return instant.seconds + offset(at: instant) == Int64(date.dayNumber) * 86_400 + Int64(time.seconds)
    }

    /// The instant at which the clocks show `date` and `time`.
    ///
    /// A time that occurs twice (clocks put back) means the first; one that is skipped (put forward) is read on the clock as it
    /// went before, and so lies as long after the change as it was meant to: RFC 5545, section 3.3.5, decides both the same way.
    package func instant(of date: CalendarDate, _ time: TimeOfDay) -> Instant {
        let local = Int64(date.dayNumber) * 86_400 + Int64(time.seconds)
        // No zone changes twice within two days, so the offsets a day before and a day after are the only candidates.
        let before = offset(at: Instant(seconds: local - 86_400))
        let after = offset(at: Instant(seconds: local + 86_400))
        let early = Instant(seconds: local - before)
        if offset(at: early) == before { return early }
        let late = Instant(seconds: local - after)
        if offset(at: late) == after { return late }
        return early
    }
}

/// One of the two data blocks of a TZif file (RFC 9636, section 3).
private struct TZifBlock {
    let version: UInt8
    let timeCount: Int
    let end: Int
    private let bytes: ArraySlice<UInt8>
    private let timeBytes: Int
    private let typeCount: Int
    private let times: Int

    init?(_ bytes: ArraySlice<UInt8>, timeBytes: Int) {
        let start = bytes.startIndex
        guard bytes.count >= 44, bytes.starts(with: "TZif".utf8) else { return nil }
        self.bytes = bytes
        self.timeBytes = timeBytes
        version = bytes[start + 4]
        func count(_ index: Int) -> Int {
            bytes[(start + 20 + index * 4)..<(start + 24 + index * 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        let (utCount, standardCount, leapCount, characterCount) = (count(0), count(1), count(2), count(5))
        timeCount = count(3)
        typeCount = count(4)
        times = start + 44
        let length =
            44 + timeCount * (timeBytes + 1) + typeCount * 6 + characterCount + leapCount * (timeBytes + 4) + standardCount + utCount
        guard typeCount >= 1, length <= bytes.count else { return nil }
        end = start + length
    }

    func time(_ index: Int) -> Int64 {
        let at = times + index * timeBytes
        return Int64(bitPattern: bytes[at..<(at + timeBytes)].reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
    }

    func offset(ofTransition index: Int) -> Int32? {
        offset(ofType: Int(bytes[times + timeCount * timeBytes + index]))
    }

    func offset(ofType type: Int) -> Int32? {
        guard type < typeCount else { return nil }
        let at = times + timeCount * (timeBytes + 1) + type * 6
        let value = Int32(bitPattern: bytes[at..<(at + 4)].reduce(0 as UInt32) { $0 << 8 | UInt32($1) })
        // RFC 9636: between -25 and +26 hours.
        return (-89_999...93_599).contains(value) ? value : nil
    }
}
