import Glibc
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import ReservationProcess

@Suite("A listener without descriptors for its callers", .timeLimit(.minutes(1)))
struct ShortageHandlerTests {
    /// Listens on a free loopback port; whoever is served is told "served".
    private func listening(
        words: String = "none left", _ body: (_ listener: any Channel, _ shortage: DescriptorShortage, _ log: LineLog) async throws -> Void
    ) async throws {
        let log = LineLog()
        let shortage = DescriptorShortage(logger: Logger(label: "test") { _ in log })
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ShortageHandler(shortage: shortage, words: { ByteBuffer(string: words) }))
                }
            }
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Service()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do { try await body(listener, shortage, log) } catch {
            try await listener.close()
            throw error
        }
        try await listener.close()
    }

    /// What accept(2) would have reported.
    private func fail(_ listener: any Channel, _ code: Int32) async throws {
        try await listener.eventLoop.submit {
            listener.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
        }.get()
    }

    @Test("a caller who waits is told so and let go, the next one is served", arguments: [EMFILE, ENFILE])
    func refusal(code: Int32) async throws {
        try await listening { listener, _, _ in
            try await listener.setOption(.autoRead, value: false).get()
            let waiting = try Caller(of: listener)
            waiting.say("something before it is heard")
            try await fail(listener, code)
            #expect(try waiting.readToEnd() == "none left")
            #expect(try Caller(of: listener).readToEnd() == "served")
            #expect(DescriptorReserve.shared.isHeld)
        }
    }

    @Test("when the kernel has no memory, nobody is turned away and the listener comes back")
    func noMemory() async throws {
        try await listening { listener, _, log in
            try await fail(listener, ENOBUFS)
            #expect(try Caller(of: listener).readToEnd() == "served")
            #expect(log.lines.isEmpty)
        }
    }

    @Test("it is said once when it begins and once when it is over")
    func report() async throws {
        try await listening { listener, _, log in
            for _ in 0..<50 { try await fail(listener, EMFILE) }
            try await log.wait(for: 2)
            #expect(log.lines == ["warning descriptors.exhausted", "notice descriptors.available"])
            try await fail(listener, EMFILE)
            try await log.wait(for: 3)
            #expect(log.lines.last == "warning descriptors.exhausted")
        }
    }
}

/// Says "served" and closes.
private final class Service: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "served")), promise: nil)
        context.close(promise: nil)
    }
}

/// A blocking client.
private final class Caller {
    private let descriptor: Int32

    init(of listener: any Channel) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let address = try #require(listener.localAddress)
        let result = address.withSockAddr { connect(descriptor, $0, socklen_t($1)) }
        try #require(result == 0)
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func say(_ text: String) {
        let bytes = Array(text.utf8)
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func readToEnd() throws -> String {
        var all: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &part, part.count, 0)
            try #require(count >= 0, "errno \(errno)")
            if count == 0 { return String(decoding: all, as: UTF8.self) }
            all += part[..<count]
        }
    }
}

/// Keeps level and message of what is logged.
private final class LineLog: LogHandler, Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        kept.withLock { $0.append("\(event.level) \(event.message)") }
    }

    func wait(for count: Int) async throws {
        while lines.count < count { try await Task.sleep(for: .milliseconds(5)) }
    }
}
