/// An organisation's picture, as the file that it is.
///
/// Only formats that hold nothing but a picture: an SVG can carry scripts, and would run them on the organisation's own page.
package struct Logo: Hashable, Sendable {
    /// How the picture is stored.
    package enum Format: String, CaseIterable, Sendable {
        case png = "PNG"
        case jpeg = "JPEG"
        case webP = "WebP"

        /// For `Content-Type`.
        package var mediaType: String {
            switch self {
            case .png: "image/png"
            case .jpeg: "image/jpeg"
            case .webP: "image/webp"
            }
        }
    }

    /// Why some bytes are no logo.
    package enum Problem: Error, Hashable {
        case tooLarge(bytes: Int)
        case unknownFormat

        /// What is wrong and what is accepted, to follow a field's name.
        package var message: String {
            let accepted = "must be a PNG, JPEG or WebP file of at most \(Limits.logoBytes) bytes"
            return switch self {
            case .tooLarge(let bytes): "\(accepted); this one has \(bytes)"
            case .unknownFormat: "\(accepted); this is none of them, nor is SVG accepted"
            }
        }
    }

    package let bytes: [UInt8]
    package let format: Format

    /// - Throws: why the bytes are not accepted. The format is told by how they begin, whatever the file was called.
    package init(_ bytes: [UInt8]) throws(Problem) {
        guard bytes.count <= Limits.logoBytes else { throw .tooLarge(bytes: bytes.count) }
        guard let format = Self.format(of: bytes) else { throw .unknownFormat }
        self.bytes = bytes
        self.format = format
    }

    private static func format(of bytes: [UInt8]) -> Format? {
        // PNG (third edition), sections 5.2 and 11.2.1: the signature, then always the header's chunk of 13 bytes.
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + "IHDR".utf8) { return .png }
        // ITU-T T.81, annex B: start of image, then another marker.
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        // RFC 9649, section 2.4: RIFF, the file's size, WEBP, then a chunk of one of three kinds.
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBPVP8".utf8), bytes.count > 16 { return .webP }
        return nil
    }
}
