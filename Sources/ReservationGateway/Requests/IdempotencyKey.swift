import Glibc
import ReservationCore

/// The header `Idempotency-Key` as the 16 bytes of RSV/1.
enum IdempotencyKey {
    /// A UUID, or 32 hexadecimal digits, is its 16 bytes; any other visible ASCII of 1 to 255 characters is hashed.
    ///
    /// - Parameter values: all values of the header.
    /// - Returns: nil when the header is missing.
    static func parse(_ values: [String]) throws(PublicFailure) -> UInt128? {
        guard let value = values.first else { return nil }
        let bytes = Array(value.utf8)
        guard values.count == 1, (1...255).contains(bytes.count), bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .invalidRequest("Idempotency-Key", "must be one value of 1 to 255 visible ASCII characters, a UUID for instance")
        }
        return hexadecimal(bytes) ?? hash(bytes)
    }

    /// A key of our own, so that the gateway's own repetitions are one reservation.
    ///
    /// Laid out like a UUID of version 7 (RFC 9562): the time first, so that the daemon's index of keys grows at its end instead of
    /// touching a random page with every booking; then 80 bits that nobody else can guess.
    static func random() -> UInt128 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let milliseconds = UInt128(UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000)
        return milliseconds << 80 | UInt128.random(in: 0..<(1 << 80))
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> UInt128? {
        var digits = bytes
        if bytes.count == 36 {
            guard [8, 13, 18, 23].allSatisfy({ bytes[$0] == 0x2D }) else { return nil }
            digits = bytes.enumerated().filter { ![8, 13, 18, 23].contains($0.offset) }.map(\.element)
        }
        guard digits.count == 32 else { return nil }
        var value: UInt128 = 0
        for digit in digits {
            guard let nibble = Hexadecimal.value(digit) else { return nil }
            value = value << 4 | UInt128(nibble)
        }
        return value
    }

    /// FNV-1a with 128 bits (draft-eastlake-fnv). Whoever makes two keys collide on purpose only hears 422 for the second.
    private static func hash(_ bytes: [UInt8]) -> UInt128 {
        var value: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
        for byte in bytes {
            value ^= UInt128(byte)
            value = value &* 0x0000_0000_0100_0000_0000_0000_0000_013B
        }
        return value
    }
}
