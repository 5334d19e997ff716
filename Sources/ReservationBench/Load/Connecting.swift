import NIOCore
import ReservationWire

/// Makes a run's connections.
enum Connecting {
    /// Lanes that speak RSV/1 and have said HELLO.
    static func frameLanes(_ count: Int, path: String, book: RequestBook, encoding: Encoding) throws(BenchFailure) -> [Lane<FrameScanner>] {
        var lanes: [Lane<FrameScanner>] = []
        for _ in 0..<count {
            let socket = try StreamSocket(to: .unix(path))
            try greet(socket, encoding: encoding)
            lanes.append(Lane(socket: socket, book: book, scanner: FrameScanner()))
        }
        return lanes
    }

    /// Lanes that speak HTTP/1.1.
    static func httpLanes(_ count: Int, endpoint: Endpoint, book: RequestBook) throws(BenchFailure) -> [Lane<HTTPScanner>] {
        var lanes: [Lane<HTTPScanner>] = []
        for _ in 0..<count { lanes.append(Lane(socket: try StreamSocket(to: endpoint), book: book, scanner: HTTPScanner())) }
        return lanes
    }

    /// HELLO and its acknowledgement, on a socket that still blocks.
    static func greet(_ socket: borrowing StreamSocket, encoding: Encoding) throws(BenchFailure) {
        var bytes = ByteBuffer()
        let hello = Hello(
            magic: WireLimits.magic, versionMin: WireLimits.version, versionMax: WireLimits.version, clientName: "reservation-bench")
        Frames.hello(hello, encoding: encoding).write(into: &bytes)
        try send(bytes, on: socket)
        let answer = try receiveFrame(on: socket)
        guard answer.header.type == .helloAck else { throw BenchFailure("The daemon answered HELLO with \(answer.header.rawType)") }
    }

    private static func send(_ bytes: ByteBuffer, on socket: borrowing StreamSocket) throws(BenchFailure) {
        var left = bytes
        while left.readableBytes > 0 {
            // The closure may not hold the socket, which is borrowed.
            let chunk = Array(left.readableBytesView)
            let progress = try chunk.withUnsafeBytes { bytes in Result { () throws(BenchFailure) in try socket.write(bytes) } }.get()
            guard case .bytes(let count) = progress else { throw BenchFailure("The daemon closed the connection") }
            left.moveReaderIndex(forwardBy: count)
        }
    }

    /// The next frame, on a socket that still blocks and from which nothing more is expected.
    static func receiveFrame(on socket: borrowing StreamSocket) throws(BenchFailure) -> Frame {
        var decoder = FrameDecoder(receiving: .server)
        var room = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let progress = try room.withUnsafeMutableBytes { bytes in
                Result { () throws(BenchFailure) in try socket.read(into: bytes) }
            }.get()
            guard case .bytes(let count) = progress else { throw BenchFailure("The daemon closed the connection") }
            decoder.append(ByteBuffer(bytes: room[..<count]))
            do throws(FrameError) {
                if let frame = try decoder.next() { return frame }
            } catch {
                throw BenchFailure("The daemon does not speak RSV/1: \(error)")
            }
        }
    }
}
