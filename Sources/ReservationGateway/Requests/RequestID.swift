import ReservationCore
import Synchronization

/// The name of one request in the reply's header and in every line of the log.
enum RequestID {
    /// The caller's, if it is one value of 1 to 64 characters of `[A-Za-z0-9._-]`; else a fresh one. Anything else could forge log lines.
    static func choose(_ values: [String]) -> String {
        guard values.count == 1, let value = values.first, let name = RequestName(value) else { return fresh() }
        return name.text
    }

    /// 13 letters and digits, different for 2^64 requests of a process: a counter seen through a one-to-one scramble (splitmix64), which is
    /// cheaper than asking the kernel for randomness and tells nothing about the number of requests. Up to 15 bytes a Swift string needs no
    /// memory of its own, here and in the daemon.
    static func fresh() -> String {
        var bits = seed &+ counter.add(1, ordering: .relaxed).newValue &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        bits ^= bits >> 31
        return String(unsafeUninitializedCapacity: 13) { text in
            for index in 0..<13 {
                let digit = UInt8(truncatingIfNeeded: bits >> UInt64(60 - 5 * index)) & 0x1F
                text[index] = digit < 10 ? 0x30 + digit : 0x61 + digit - 10
            }
            return 13
        }
    }

    private static let counter = Atomic<UInt64>(0)
    private static let seed = UInt64.random(in: .min ... .max)
}
