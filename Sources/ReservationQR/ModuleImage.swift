import CZlib

/// A QR code as a PNG with one bit a pixel (W3C PNG, third edition).
///
/// Written here rather than with libpng, whose simplified interface takes 300 µs where this takes 20: a module is 8 pixels wide, so that it is
/// exactly one byte of a row, and seven of eight rows repeat the one above, which the filter "Up" turns into zeros.
struct ModuleImage {
    /// Pixels along a module's edge.
    static let scale = 8
    /// Light modules around the code that a reader needs to find it (ISO/IEC 18004, 6.3.8).
    static let quietZone = 4

    let bytes: [UInt8]

    init(_ matrix: QRMatrix) throws(QRError) {
        let side = matrix.side + 2 * Self.quietZone
        let compressed = try Self.deflate(Self.rows(of: matrix, side: side))
        let pixels = UInt32(side * Self.scale)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(compressed.count + 64)
        bytes += [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        // One bit of grey, deflate, no interlace: 0 is black, 1 is white.
        Self.appendChunk("IHDR", Self.bigEndian(pixels) + Self.bigEndian(pixels) + [1, 0, 0, 0, 0], to: &bytes)
        Self.appendChunk("IDAT", compressed, to: &bytes)
        Self.appendChunk("IEND", [], to: &bytes)
        self.bytes = bytes
    }

    private enum Filter {
        static let none: UInt8 = 0
        static let up: UInt8 = 2
    }

    /// The filtered rows: a filter byte, then a byte for each module.
    private static func rows(of matrix: QRMatrix, side: Int) -> [UInt8] {
        let stride = side + 1
        return [UInt8](unsafeUninitializedCapacity: stride * side * scale) { rows, count in
            rows.initialize(repeating: 0)
            for row in 0..<(side * scale) {
                let start = row * stride
                let moduleRow = row / scale - quietZone
                guard row % scale == 0 else {
                    rows[start] = Filter.up
                    continue
                }
                rows[start] = Filter.none
                for column in 0..<side {
                    let moduleColumn = column - quietZone
                    let isInside = (0..<matrix.side).contains(moduleRow) && (0..<matrix.side).contains(moduleColumn)
                    let isDark = isInside && matrix.modules[moduleRow * matrix.side + moduleColumn]
                    rows[start + 1 + column] = isDark ? 0x00 : 0xFF
                }
            }
            count = stride * side * scale
        }
    }

    /// A zlib stream. The small window and tables are as good as the large ones for so little data, and cost less to set up.
    private static func deflate(_ input: [UInt8]) throws(QRError) -> [UInt8] {
        var input = input
        var stream = z_stream()
        let opened = deflateInit2_(
            &stream, 3, Z_DEFLATED, 12, 1, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard opened == Z_OK else { throw .compression(opened) }
        defer { deflateEnd(&stream) }
        let capacity = Int(deflateBound(&stream, UInt(input.count)))
        var result = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(capacity)
                result = CZlib.deflate(&stream, Z_FINISH)
                count = Int(stream.total_out)
            }
        }
        guard result == Z_STREAM_END else { throw .compression(result) }
        return output
    }

    private static func appendChunk(_ type: String, _ data: [UInt8], to bytes: inout [UInt8]) {
        bytes += bigEndian(UInt32(data.count))
        let start = bytes.count
        bytes += type.utf8
        bytes += data
        let checksum = bytes[start...].withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
        bytes += bigEndian(UInt32(truncatingIfNeeded: checksum))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }
}
