import Glibc
import ReservationCore
import ReservationProcess

/// The system's compiled IANA zones (Debian's package tzdata).
package struct TimeZoneDatabase: Sendable {
    private let directory: String

    /// - Parameter directory: `$TZDIR` or Debian's place when nil.
    package init(directory: String? = nil) {
        self.directory = directory ?? getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo"
    }

    /// - Parameter name: IANA name such as `Europe/Berlin`.
    /// - Returns: nil for a name that is none, or that this machine has no rules for.
    package func rules(named name: String) -> TimeZoneRules? {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        // The name comes from a caller: it must not lead anywhere but to a zone.
        guard name.utf8.count <= 64, (1...3).contains(parts.count),
            parts.allSatisfy({ part in
                part.first?.isASCII == true && part.first?.isLetter == true && part.utf8.allSatisfy(Self.isNameByte)
            }),
            let bytes = contents(of: name)
        else { return nil }
        return TimeZoneRules(tzif: bytes)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x5F: true
        default: false
        }
    }

    /// In the reserve's place where there is no descriptor: a zone must not be taken for unknown because callers hold all of them.
    private func contents(of name: String) -> [UInt8]? {
        let path = "\(directory)/\(name)"
        return try? DescriptorReserve.shared.run { () throws(DescriptorsExhausted) in try Self.read(path) }
    }

    /// The largest zone file of tzdata has 4 KiB, or 64 KiB where it lists every year.
    private static func read(_ path: String) throws(DescriptorsExhausted) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if let exhausted = DescriptorsExhausted(errno: errno) { throw exhausted }
            return nil
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while bytes.count < 262_144 {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            guard count > 0 else { return nil }
            bytes.append(contentsOf: chunk[..<count])
        }
        return nil
    }
}
