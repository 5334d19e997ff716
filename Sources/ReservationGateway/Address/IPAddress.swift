import Glibc

/// An address of the internet protocol, version 4 or 6; one of version 4 that is written as version 6 (`::ffff:192.0.2.1`) is the former.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The 128 bits of version 6, or the 32 of version 4 on the right.
    let bits: UInt128
    let isVersion4: Bool

    init(version4 bits: UInt32) {
        self.bits = UInt128(bits)
        self.isVersion4 = true
    }

    init(version6 bits: UInt128) {
        self.isVersion4 = bits >> 32 == 0xFFFF
        self.bits = isVersion4 ? bits & 0xFFFF_FFFF : bits
    }

    /// - Parameter text: as inet_pton(3) reads it: no port, no brackets, no zone.
    package init?(_ text: some StringProtocol) {
        let text = String(text)
        // C reads up to the first zero byte, and what stands after it would be taken for nothing.
        guard !text.utf8.contains(0) else { return nil }
        var version4 = in_addr()
        if inet_pton(AF_INET, text, &version4) == 1 {
            self.init(version4: UInt32(bigEndian: version4.s_addr))
            return
        }
        var version6 = in6_addr()
        guard inet_pton(AF_INET6, text, &version6) == 1 else { return nil }
        self.init(version6: Self.bits(of: version6))
    }

    static func bits(of address: in6_addr) -> UInt128 {
        withUnsafeBytes(of: address) { bytes in bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
    }

    /// How many bits there are.
    var width: Int { isVersion4 ? 32 : 128 }

    /// The address with all bits after the first `length` cleared.
    func network(_ length: Int) -> IPAddress {
        let cleared = width - max(0, min(length, width))
        let kept = cleared == 128 ? 0 : (bits >> UInt128(cleared)) << UInt128(cleared)
        return isVersion4 ? IPAddress(version4: UInt32(kept)) : IPAddress(unmapped: kept)
    }

    private init(unmapped bits: UInt128) {
        self.bits = bits
        self.isVersion4 = false
    }

    /// Whom a limit counts: one address of version 4, but a /64 of version 6, because that is what one subscriber has at least.
    package var subscriber: IPAddress { isVersion4 ? self : network(64) }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if isVersion4 {
            var address = in_addr(s_addr: UInt32(bits).bigEndian)
            inet_ntop(AF_INET, &address, &text, socklen_t(text.count))
        } else {
            var address = bits.bigEndian
            inet_ntop(AF_INET6, &address, &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
