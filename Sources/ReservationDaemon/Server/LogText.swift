/// Text from outside, made fit for a log line or a message.
enum LogText {
    /// At most 64 characters, each of ASCII's printable ones; anything else becomes `?`.
    static func printable(_ text: String) -> String {
        String(decoding: text.utf8.prefix(64).map { (0x20...0x7E).contains($0) ? $0 : 0x3F }, as: UTF8.self)
    }
}
