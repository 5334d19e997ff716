import Foundation
import Glibc

/// One caller's HTTP server on a thread, which answers in its own way.
final class HTTPStandIn: Sendable {
    private let listener: Int32
    let port: UInt16

    /// - Parameter answer: what to do before the answer to the request with this number, and the status of it.
    init(_ answer: @escaping @Sendable (_ number: Int) -> Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size)
                listen(listener, 8)
                getsockname(listener, address, &size)
            }
        }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { Self.serve(listener, answer) }
    }

    deinit { close(listener) }

    private static func serve(_ listener: Int32, _ answer: (Int) -> Int) {
        let caller = accept(listener, nil, nil)
        defer { close(caller) }
        var room = [UInt8](repeating: 0, count: 65_536)
        var number = 0
        // A caller that does not pipeline has its whole small request in one segment on loopback.
        while recv(caller, &room, room.count, 0) > 0 {
            let text = Array("HTTP/1.1 \(answer(number)) Word\r\nContent-Length: 2\r\n\r\n{}".utf8)
            guard send(caller, text, text.count, Int32(MSG_NOSIGNAL)) == text.count else { return }
            number += 1
        }
    }
}
