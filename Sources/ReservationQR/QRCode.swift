import ReservationCore

/// The picture that a venue scans at its gate. It holds the ticket's code and nothing else (card, section 3).
///
/// Both functions may be called from any thread: libqrencode and zlib keep no state between calls.
package enum QRCode {
    /// A PNG of one bit a pixel, 8 pixels a module, with a quiet zone of 4 modules.
    package static func png(for code: TicketCode) throws(QRError) -> [UInt8] {
        try ModuleImage(QRMatrix(code)).bytes
    }

    /// The same as a `data:` URL (RFC 2397), ready for an `img` element.
    package static func pngDataURL(for code: TicketCode) throws(QRError) -> String {
        try Base64.encode(png(for: code), prefix: "data:image/png;base64,")
    }
}
