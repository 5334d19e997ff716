/// When each of many things was first seen, in a bounded piece of memory and without a lock: a place for each is chosen by its number, and
/// who comes later to a place that is taken takes it over. So a few are forgotten, which an average bears.
package final class FirstSightings: Sendable {
    private static let timeBits: Int64 = 40
    private static let timeMask: Int64 = 1 << timeBits - 1

    private let cells: AtomicCells
    private let longest: Int64

    /// - Parameters:
    ///   - places: a power of two.
    ///   - longestSeconds: after which a sighting is no longer one.
    package init(places: Int, longestSeconds: Int64) {
        precondition(places > 0 && places & (places - 1) == 0, "not a power of two")
        cells = AtomicCells(count: places)
        longest = longestSeconds * 1000
    }

    /// - Parameter now: seconds on a clock that never goes back.
    package func note(_ number: UInt64, at now: Double) {
        let (place, mark) = place(of: number)
        let milliseconds = Self.milliseconds(now)
        let old = cells.load(place)
        if old & ~Self.timeMask == mark, milliseconds - old & Self.timeMask <= longest, old != 0 { return }
        // Who loses this race is forgotten.
        _ = cells.exchange(old, for: mark | milliseconds, at: place)
    }

    /// - Returns: the seconds since the first sighting, once; nil when there was none.
    package func take(_ number: UInt64, at now: Double) -> Double? {
        let (place, mark) = place(of: number)
        let old = cells.load(place)
        guard old != 0, old & ~Self.timeMask == mark, cells.exchange(old, for: 0, at: place) else { return nil }
        let passed = Self.milliseconds(now) - old & Self.timeMask
        return passed >= 0 && passed <= longest ? Double(passed) / 1000 : nil
    }

    /// The place, and what tells those apart that share it: 24 bits.
    private func place(of number: UInt64) -> (place: Int, mark: Int64) {
        // The finalizer of SplitMix64: neighbouring numbers land far from each other.
        var hash = number &+ 0x9E37_79B9_7F4A_7C15
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        hash ^= hash >> 31
        return (Int(hash & UInt64(cells.count - 1)), Int64(bitPattern: hash & ~UInt64(Self.timeMask)))
    }

    private static func milliseconds(_ seconds: Double) -> Int64 { Int64(seconds * 1000) & timeMask }
}
