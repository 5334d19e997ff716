/// Cuts bytes the way a socket or a file might hand them over.
enum Pieces {
    static func single(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] { [bytes[...]] }

    static func bytewise(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] { bytes.indices.map { bytes[$0...$0] } }

    /// Pieces of 1 to 64 bytes, the same for the same seed.
    static func irregular(_ bytes: [UInt8], seed: UInt8) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        var state = UInt32(seed) &+ 1
        while !rest.isEmpty {
            // Numerical Recipes' linear congruential generator: any variety will do.
            state = state &* 1_664_525 &+ 1_013_904_223
            let piece = rest.prefix(1 + Int(state >> 26))
            pieces.append(piece)
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }
}
