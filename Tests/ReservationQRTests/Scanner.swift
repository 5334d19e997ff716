import Glibc
import Testing

/// Debian's zbarimg, a reader of QR codes that nobody here wrote.
enum Scanner {
    private static let program = "/usr/bin/zbarimg"

    static var isInstalled: Bool { access(program, X_OK) == 0 }

    /// What the picture says, read by zbarimg from a temporary file.
    static func read(_ png: [UInt8]) throws -> String {
        var path = Array("/tmp/reservation-qr-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        try #require(file >= 0)
        defer { unlink(path) }
        try #require(write(file, png, png.count) == png.count)
        close(file)
        let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let output = try #require(popen("\(program) --quiet --raw \(name) 2>/dev/null", "r"))
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = fread(&bytes, 1, bytes.count, output)
        try #require(pclose(output) == 0)
        return String(decoding: bytes.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
