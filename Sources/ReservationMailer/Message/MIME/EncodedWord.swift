import ReservationQR

/// Text beyond ASCII in a header (RFC 2047): `=?utf-8?B?…?=`.
enum EncodedWord {
    /// A line with an encoded word in it has at most so many characters (RFC 2047, section 2).
    static let lineLength = 76
    private static let overhead = "=?utf-8?B??=".utf8.count
    private static let longestWord = 75

    /// The words for a text, to be written one after another with white space between them, which a reader drops.
    ///
    /// - Parameter used: characters on the line before the first word.
    static func words(for text: String, after used: Int) -> [String] {
        var words: [String] = []
        var chunk: [UInt8] = []
        var capacity = bytes(fitting: max(20, lineLength - used))
        for piece in pieces(of: text) {
            if chunk.count + piece.count > capacity, !chunk.isEmpty {
                words.append(word(chunk))
                chunk.removeAll(keepingCapacity: true)
                // One space begins each further line.
                capacity = bytes(fitting: lineLength - 1)
            }
            chunk += piece
        }
        if !chunk.isEmpty { words.append(word(chunk)) }
        return words
    }

    /// What must not be divided: a word may not end inside a UTF-8 sequence (RFC 2047, section 5), nor should it inside what a reader sees
    /// as one character.
    private static func pieces(of text: String) -> [[UInt8]] {
        text.flatMap { character -> [[UInt8]] in
            let bytes = Array(character.utf8)
            return bytes.count <= 24 ? [bytes] : character.unicodeScalars.map { Array(String($0).utf8) }
        }
    }

    private static func bytes(fitting characters: Int) -> Int { (min(characters, longestWord) - overhead) / 4 * 3 }

    private static func word(_ bytes: [UInt8]) -> String { "=?utf-8?B?\(Base64.encode(bytes))?=" }
}
