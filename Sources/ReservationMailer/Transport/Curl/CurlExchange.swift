import CCurl

/// What libcurl's callbacks read and write during one transfer. They are called on the thread that performs it.
final class CurlExchange {
    var outcome = CurlOutcome()
    private let transfer: CurlTransfer
    private var position = 0
    /// libcurl takes its leave within the same transfer where that has failed; the answer to it is not what counts.
    private var hasTakenLeave = false

    /// A peer may say as much as it likes; so much is kept.
    private static let lineLimit = 100
    private static let lineBytes = 1000
    private static let bodyBytes = 65_536

    init(_ transfer: CurlTransfer) {
        self.transfer = transfer
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> CurlExchange? {
        context.map { Unmanaged<CurlExchange>.fromOpaque($0).takeUnretainedValue() }
    }

    static let takeLine: reservation_curl_callback = { bytes, size, count, context in
        if let exchange = of(context), let bytes, !exchange.hasTakenLeave, exchange.outcome.lines.count < lineLimit {
            let line = UnsafeRawBufferPointer(start: bytes, count: min(size * count, lineBytes))
            exchange.outcome.lines.append(OneLine(String(decoding: line, as: UTF8.self)).text)
        }
        return size * count
    }

    static let takeBody: reservation_curl_callback = { bytes, size, count, context in
        if let exchange = of(context), let bytes {
            let room = bodyBytes - exchange.outcome.body.count
            exchange.outcome.body += UnsafeRawBufferPointer(start: bytes, count: min(size * count, max(0, room)))
        }
        return size * count
    }

    static let giveUpload: reservation_curl_callback = { bytes, size, count, context in
        guard let exchange = of(context), let bytes, let upload = exchange.transfer.upload else { return Int(CURL_READFUNC_ABORT) }
        guard exchange.position > 0 || exchange.transfer.mayUpload(exchange.outcome) else { return Int(CURL_READFUNC_ABORT) }
        let length = min(size * count, upload.count - exchange.position)
        upload.withUnsafeBytes { upload in
            let part = UnsafeRawBufferPointer(rebasing: upload[exchange.position..<(exchange.position + length)])
            UnsafeMutableRawBufferPointer(start: bytes, count: length).copyMemory(from: part)
        }
        exchange.position += length
        exchange.outcome.hasBegunUpload = true
        exchange.outcome.hasUploadedAll = exchange.position == upload.count
        return length
    }

    private static let verbs: Set<String> = ["EHLO", "HELO", "STAR", "AUTH", "MAIL", "RCPT", "DATA"]

    /// Keeps the verb of a command and nothing after it: the next one may be a password.
    static let noteCommand: curl_debug_callback = { _, kind, bytes, count, context in
        guard kind == CURLINFO_HEADER_OUT, let exchange = of(context), let bytes else { return 0 }
        let start = String(decoding: UnsafeRawBufferPointer(start: bytes, count: min(count, 4)), as: UTF8.self)
        if verbs.contains(start) { exchange.outcome.lastCommand = start }
        if start == "QUIT" { exchange.hasTakenLeave = true }
        return 0
    }
}
