import Glibc

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
