import CZlib
import Testing

/// The test's own reader of the PNGs under test: it checks signature, chunk checksums and header, inflates and undoes the filters.
struct Picture {
    let width: Int
    let height: Int
    private let rows: [[UInt8]]

    init(png: [UInt8]) throws {
        try #require(png.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        var chunks: [(type: String, data: [UInt8])] = []
        var position = 8
        while position < png.count {
            let length = Int(try Self.number(png, at: position))
            let body = Array(png[(position + 4)..<(position + 8 + length)])
            let checksum = body.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
            let stored = try Self.number(png, at: position + 8 + length)
            try #require(UInt32(checksum) == stored)
            chunks.append((String(decoding: body.prefix(4), as: UTF8.self), Array(body.dropFirst(4))))
            position += 12 + length
        }
        try #require(chunks.map(\.type) == ["IHDR", "IDAT", "IEND"])
        self.width = Int(try Self.number(chunks[0].data, at: 0))
        self.height = Int(try Self.number(chunks[0].data, at: 4))
        // Bit depth 1, greyscale, deflate, adaptive filters, not interlaced.
        try #require(Array(chunks[0].data[8...]) == [1, 0, 0, 0, 0])
        self.rows = try Self.unfilter(Self.inflate(chunks[1].data), stride: (width + 7) / 8, height: height)
    }

    func isDark(_ x: Int, _ y: Int) -> Bool { rows[y][x / 8] & (0x80 >> UInt8(x % 8)) == 0 }

    private static func number(_ bytes: [UInt8], at position: Int) throws -> UInt32 {
        try #require(position + 4 <= bytes.count)
        return bytes[position..<(position + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private static func inflate(_ data: [UInt8]) throws -> [UInt8] {
        var output = [UInt8](repeating: 0, count: 1 << 20)
        var count = uLong(output.count)
        try #require(uncompress(&output, &count, data, uLong(data.count)) == Z_OK)
        return Array(output.prefix(Int(count)))
    }

    private static func unfilter(_ data: [UInt8], stride: Int, height: Int) throws -> [[UInt8]] {
        try #require(data.count == (stride + 1) * height)
        var rows: [[UInt8]] = []
        for row in 0..<height {
            let line = data[(row * (stride + 1))..<((row + 1) * (stride + 1))]
            let bytes = Array(line.dropFirst())
            switch line.first {
            case 0: rows.append(bytes)
            case 2: rows.append(zip(bytes, rows.last ?? Array(repeating: 0, count: stride)).map { $0 &+ $1 })
            default: Issue.record("filter \(line.first ?? 255) is not expected")
            }
        }
        return rows
    }
}
