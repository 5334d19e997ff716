import SeededRandom

/// What of the unsynced changes is on the disk after the power failed.
///
/// SQLite relies on little (<https://sqlite.org/atomiccommit.html>, section 2, and <https://sqlite.org/psow.html>): what was synced is
/// there, and a write changes no byte outside its range. Within its range there may be old bytes, new ones, or neither.
package enum Survival: Hashable, Sendable {
    /// The device kept everything in its cache.
    case nothing
    case everything
    /// The changes arrived in order up to one, which is torn at some byte.
    case prefix
    /// The changes were reordered: each of their sectors arrived or did not.
    case sectors
    /// Each change arrived, did not, or is torn at some byte, or part of it is neither old nor new.
    case bytes

    /// Those that chance decides.
    package static let random: [Survival] = [.prefix, .sectors, .bytes]

    /// What a disk can write as one at best; a write of many is torn between them.
    static let sectorBytes = 512
}

/// An unsynced change of a file.
enum FileChange: Sendable {
    case write(at: Int, bytes: [UInt8])
    case resize(to: Int)

    func apply(to contents: inout [UInt8]) {
        switch self {
        case .write(let offset, let bytes): contents.write(bytes[...], at: offset)
        case .resize(let size): contents.resize(to: size)
        }
    }

    /// Applies what is left of it.
    func apply(to contents: inout [UInt8], as survival: Survival, odds: Int, using generator: inout SeededGenerator) {
        guard case .write(let offset, let bytes) = self else {
            if Int.random(in: 0..<8, using: &generator) < odds { apply(to: &contents) }
            return
        }
        if survival == .sectors {
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + Survival.sectorBytes - (offset + start) % Survival.sectorBytes)
                if Int.random(in: 0..<8, using: &generator) < odds { contents.write(bytes[start..<end], at: offset + start) }
                start = end
            }
            return
        }
        let tear = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0, 1: break
        case 2, 3: contents.write(bytes[...], at: offset)
        case 4, 5: contents.write(bytes[..<tear], at: offset)
        case 6: contents.write(bytes[tear...], at: offset + tear)
        default:
            contents.write(bytes[...], at: offset)
            let garbage = (0..<min(16, bytes.count - tear)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            contents.write(garbage[...], at: offset + tear)
        }
    }

    /// Its first bytes only.
    func torn(using generator: inout SeededGenerator) -> FileChange {
        guard case .write(let offset, let bytes) = self else { return self }
        return .write(at: offset, bytes: Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))))
    }
}

extension [UInt8] {
    /// Grows with zeros where needed, as a file does.
    mutating func write(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        guard !bytes.isEmpty else { return }
        if count < offset + bytes.count { resize(to: offset + bytes.count) }
        withUnsafeMutableBytes { target in
            bytes.withUnsafeBytes { target[offset..<(offset + bytes.count)].copyBytes(from: $0) }
        }
    }

    mutating func resize(to size: Int) {
        // An array at once: byte by byte it takes most of a run that is built for debugging.
        if size < count { removeLast(count - size) } else { append(contentsOf: [UInt8](repeating: 0, count: size - count)) }
    }
}
