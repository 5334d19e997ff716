import Glibc
import ReservationCore
import SeededRandom
import Testing

@testable import ReservationQR

@Suite("A ticket's QR code")
struct QRCodeTests {
    private let code = TicketCode("TKT-2025-ABC123-DEF456")!

    @Test(
        "a scanner reads exactly the ticket's code", .enabled(if: Scanner.isInstalled, "zbarimg is not installed (Debian: zbar-tools)"),
        arguments: ["TKT-2025-ABC123-DEF456", "TKT-0000-000000-000000", "TKT-9999-ZZZZZZ-ZZZZZZ", "TKT-2026-A1B2C3-0O0O0O"])
    func scanning(text: String) throws {
        let png = try QRCode.png(for: try #require(TicketCode(text)))
        #expect(try Scanner.read(png) == text)
    }

    @Test("random codes are read as they are", .enabled(if: Scanner.isInstalled, "zbarimg is not installed (Debian: zbar-tools)"))
    func scanningMany() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<40 {
            let code = TicketCode.random(year: 2026, using: &generator)
            #expect(try Scanner.read(QRCode.png(for: code)) == code.text)
        }
    }

    @Test("level Q costs no larger symbol than level M: both are version 2, 25 modules")
    func level() throws {
        #expect(try QRMatrix(code, level: .quartile).side == 25)
        #expect(try QRMatrix(code, level: .medium).side == 25)
        // Format information beside the upper left finder, bits 14 and 13: Q is 11 and M is 00, both under the mask 10 (ISO/IEC 18004, 7.9).
        let quartile = try QRMatrix(code, level: .quartile).modules
        let medium = try QRMatrix(code, level: .medium).modules
        #expect(Array(quartile[200...201]) == [false, true])
        #expect(Array(medium[200...201]) == [true, false])
    }

    @Test("the picture has four light modules around the code and eight pixels a module")
    func quietZone() throws {
        let picture = try Picture(png: QRCode.png(for: code))
        let matrix = try QRMatrix(code)
        #expect(picture.width == (25 + 8) * 8)
        #expect(picture.height == picture.width)
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                let (column, row) = (x / 8 - 4, y / 8 - 4)
                let isInside = (0..<25).contains(column) && (0..<25).contains(row)
                let expected = isInside && matrix.modules[row * 25 + column]
                try #require(picture.isDark(x, y) == expected, "pixel \(x), \(y)")
            }
        }
        // The finder's corners are dark, so the quiet zone is no wider either.
        #expect(picture.isDark(32, 32) && picture.isDark(263 - 32, 32) && picture.isDark(32, 263 - 32))
    }

    @Test("the data URL is the picture in base64")
    func dataURL() throws {
        let url = try QRCode.pngDataURL(for: code)
        #expect(url.hasPrefix("data:image/png;base64,iVBORw0KGgo"))
        #expect(try decodeBase64(url.dropFirst("data:image/png;base64,".count)) == QRCode.png(for: code))
        #expect(url.utf8.count < 1000)
    }

    @Test(
        "base64 pads as RFC 4648 section 10 shows",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func base64(text: String, expected: String) {
        #expect(Base64.encode(Array(text.utf8), prefix: "") == expected)
        #expect(Base64.encode(Array(text.utf8), prefix: "p:") == "p:" + expected)
    }

    @Test("many threads draw different codes at once and get what one thread gets")
    func threads() async throws {
        let codes = (0..<16).map { TicketCode("TKT-2025-AAAA\($0 + 10)-BBBBBB")! }
        let expected = try codes.map { try QRCode.png(for: $0) }
        await withTaskGroup(of: Bool.self) { group in
            for index in 0..<160 {
                group.addTask { (try? QRCode.png(for: codes[index % 16])) == expected[index % 16] }
            }
            for await isSame in group { #expect(isSame) }
        }
    }

    private func decodeBase64(_ text: Substring) throws -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var bits: UInt32 = 0
        var count = 0
        var bytes: [UInt8] = []
        for character in text.utf8 where character != 0x3D {
            bits = bits << 6 | UInt32(try #require(alphabet.firstIndex(of: character)))
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(bits >> UInt32(count) & 0xFF))
            }
        }
        return bytes
    }
}
