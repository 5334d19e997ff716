import Glibc
import Testing

/// A blocking client that sends exactly the bytes it is given and can read to the end of the connection.
final class HTTPPeer: Sendable {
    private let descriptor: Int32

    /// - Parameter port: on 127.0.0.1.
    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafeBytes(of: &address) {
            connect(descriptor, $0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        try #require(result == 0)
        // So that a server which never answers fails the test instead of hanging it.
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// - Returns: false when the peer had closed.
    @discardableResult
    func send(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Everything until the server closes.
    func readToEnd() throws -> String {
        var all: [UInt8] = []
        while true {
            let part = try read()
            if part.isEmpty { return String(decoding: all, as: UTF8.self) }
            all += part
        }
    }

    /// Reads until that many replies with a body of a known length have come.
    func readReplies(_ count: Int) throws -> String {
        var all: [UInt8] = []
        while Self.replies(in: all) < count {
            let part = try read()
            try #require(!part.isEmpty, "closed after \(String(decoding: all, as: UTF8.self))")
            all += part
        }
        return String(decoding: all, as: UTF8.self)
    }

    /// Until `text` has come, or the server closes.
    func read(until text: String) throws -> String {
        var all: [UInt8] = []
        while !String(decoding: all, as: UTF8.self).contains(text) {
            let part = try read()
            if part.isEmpty { break }
            all += part
        }
        return String(decoding: all, as: UTF8.self)
    }

    /// Says nothing more, as a browser that leaves.
    func closeSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    private func read() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        try #require(count >= 0, "errno \(errno)")
        return Array(bytes.prefix(count))
    }

    /// Whole replies at the beginning of the bytes.
    private static func replies(in bytes: [UInt8]) -> Int {
        var text = String(decoding: bytes, as: UTF8.self)[...]
        var count = 0
        while let end = text.firstRange(of: "\r\n\r\n") {
            let head = text[..<end.lowerBound]
            let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
            let body = text[end.upperBound...]
            guard body.utf8.count >= length else { return count }
            text = body.dropFirst(length)
            count += 1
        }
        return count
    }
}
