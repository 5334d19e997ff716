import Glibc

/// Answers in HTTP/1.1 with a Content-Length, one after the other on a connection that is kept.
struct HTTPScanner: AnswerScanner {
    /// No pipelining: browsers and proxies use none.
    static let requestsPerConnection = 1
    private var bodyLeft = 0
    private var refusal: UInt16 = 0

    mutating func scan(_ bytes: UnsafeRawBufferPointer, into answers: inout [Answer]) throws(BenchFailure) -> Int {
        var position = 0
        while true {
            if bodyLeft > 0 {
                let passed = min(bodyLeft, bytes.count - position)
                position += passed
                bodyLeft -= passed
                guard bodyLeft == 0 else { return position }
                answers.append(Answer(request: nil, refusal: refusal))
            }
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            guard let headLength = Self.headLength(rest) else { return position }
            let head = UnsafeRawBufferPointer(rebasing: rest[..<headLength])
            refusal = try Self.refusal(head)
            bodyLeft = try Self.contentLength(head)
            position += headLength
            if bodyLeft == 0 { answers.append(Answer(request: nil, refusal: refusal)) }
        }
    }

    /// Including the empty line; nil when it has not come whole.
    private static func headLength(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let start = bytes.baseAddress else { return nil }
        var position = 0
        while let found = memchr(start + position, 0x0D, bytes.count - position) {
            position = UnsafeRawPointer(found) - start
            guard position + 4 <= bytes.count else { return nil }
            if bytes[position + 1] == 0x0A, bytes[position + 2] == 0x0D, bytes[position + 3] == 0x0A { return position + 4 }
            position += 1
        }
        return nil
    }

    /// `HTTP/1.1 200 OK`.
    private static func refusal(_ head: UnsafeRawBufferPointer) throws(BenchFailure) -> UInt16 {
        guard head.count > 12, let status = UInt16(String(decoding: head[9..<12], as: UTF8.self)) else {
            throw BenchFailure("What came is no HTTP answer")
        }
        return status == 200 ? 0 : status
    }

    /// Field names may be in any case.
    private static func contentLength(_ head: UnsafeRawBufferPointer) throws(BenchFailure) -> Int {
        let length = 15
        var line = head
        while let start = line.baseAddress, let end = memchr(start, 0x0A, line.count) {
            line = UnsafeRawBufferPointer(rebasing: line[(UnsafeRawPointer(end) - start + 1)...])
            guard line.count > length, let start = line.baseAddress?.assumingMemoryBound(to: CChar.self) else { break }
            // A head ends with an empty line, at which the digits end as well.
            if strncasecmp(start, "content-length:", length) == 0 { return strtol(start + length, nil, 10) }
        }
        throw BenchFailure("An HTTP answer came without Content-Length")
    }

}
