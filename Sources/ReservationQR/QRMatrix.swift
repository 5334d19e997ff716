import CQREncode
import Glibc
import ReservationCore

/// The dark and light modules of a QR code (ISO/IEC 18004), without the quiet zone.
struct QRMatrix {
    /// Modules along an edge.
    let side: Int
    /// Row by row, true is dark.
    let modules: [Bool]

    enum Level {
        /// A quarter of the code may be lost.
        case quartile
        /// Some 15 % may be lost.
        case medium

        fileprivate var value: QRecLevel {
            switch self {
            case .quartile: QR_ECLEVEL_Q
            case .medium: QR_ECLEVEL_M
            }
        }
    }

    /// Encodes exactly the code's 22 characters in alphanumeric mode.
    ///
    /// Level Q is free: version 2 (25 modules) is the smallest that holds them at level M as well, because version 1-M ends at 20
    /// characters, and version 2-Q reaches to 29.
    init(_ code: TicketCode, level: Level = .quartile) throws(QRError) {
        // Version 0: the smallest that fits.
        guard let input = QRinput_new2(0, level.value) else { throw .encoding(errno) }
        defer { QRinput_free(input) }
        var text = code.text
        let appended = text.withUTF8 { QRinput_append(input, QR_MODE_AN, Int32($0.count), $0.baseAddress) }
        guard appended == 0, let symbol = QRcode_encodeInput(input) else { throw .encoding(errno) }
        defer { QRcode_free(symbol) }
        let side = Int(symbol.pointee.width)
        guard let data = symbol.pointee.data else { throw .encoding(EINVAL) }
        self.side = side
        // The lowest bit is the colour; the others tell what a module is for.
        self.modules = UnsafeBufferPointer(start: data, count: side * side).map { $0 & 1 == 1 }
    }
}
