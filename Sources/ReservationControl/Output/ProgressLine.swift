import Glibc

/// One line on standard error that tells how long work goes; nothing where standard error is no terminal.
final class ProgressLine {
    private let isShown = isatty(STDERR_FILENO) == 1
    private var hasShown = false

    func show(_ text: String) {
        guard isShown else { return }
        hasShown = true
        // Back to the line's beginning, and whatever was longer is wiped away.
        Self.write("\r\(PrintableText.escaped(text))\u{1B}[K")
    }

    /// Leaves the line empty.
    func end() {
        if hasShown { Self.write("\r\u{1B}[K") }
        hasShown = false
    }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
