import Glibc

/// SplitMix64: the same numbers for the same seed, so that a failure can be repeated.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// How much the tests of faults try, by the environment.
package enum FaultEffort {
    /// `RESERVATION_SEED`: where random choices begin.
    package static let seed = number("RESERVATION_SEED") ?? 1

    /// `RESERVATION_FAULT_SEEDS`: how many disks each moment of a power cut may leave behind, beside the extremes, for each way of losing.
    package static let survivors = Int(number("RESERVATION_FAULT_SEEDS") ?? 2)

    private static func number(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }
}
