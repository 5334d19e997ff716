import ReservationCore

/// A zone file is refused, or its rules give an offset within a week for every instant that occurs, and days and instants belong together.
enum TimeZoneTarget: FuzzTarget {
    static let name = "time-zone"

    static func check(_ bytes: [UInt8]) throws {
        guard let rules = TimeZoneRules(tzif: bytes) else { return }
        for seconds in instants {
            let offset = rules.offset(at: Instant(seconds: seconds))
            try require(abs(offset) <= 168 * 3600, "an offset is bounded")
            if let date = rules.date(at: Instant(seconds: seconds)) {
                guard let noon = TimeOfDay(hour: 12, minute: 0) else { continue }
                let middle = rules.instant(of: date, noon)
                try require(abs(middle.seconds - seconds) <= 16 * 86_400, "an instant lies near the middle of its day")
            }
        }
    }

    /// What the product's integers can carry, and some that are near the usual changes.
    private static let instants: [Int64] =
        [-9_007_199_254_740_991, -1, 0, 946_684_799, 946_684_800, 1_793_000_000, 7_258_118_399, 9_007_199_254_740_991]
        + (0..<24).map { 1_767_225_600 + $0 * 15 * 86_400 }
}
