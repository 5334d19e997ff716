import Logging
import NIOCore
import ReservationCore
import ReservationLog
import ReservationWire
import Synchronization

@testable import ReservationGateway

/// A gateway without a server: requests are values, and so are replies.
struct Doorstep {
    let gateway: Gateway
    let ledger: RecordingLedger
    let time: TestClock
    let log: LogLines

    init(
        _ script: RecordingLedger.Script,
        configuration: GatewayConfiguration = GatewayConfiguration(defaultOrganization: .number(1))
    ) {
        let log = LogLines()
        let time = TestClock()
        self.ledger = RecordingLedger(script)
        self.log = log
        self.time = time
        self.gateway = Gateway(
            configuration: configuration, ledger: ledger, logger: Logger(label: "test") { _ in LineHandler(lines: log) },
            clock: { time.seconds.withLock { $0 } })
    }

    func post(
        _ path: String, _ body: String, headers: [(String, String)] = [("content-type", "application/json")], host: String? = "portal",
        peer: String = "192.0.2.1"
    ) async throws -> Reply {
        var edge = EdgeRequest(method: "POST", target: path, host: host, peer: IPAddress(peer))
        for (name, value) in headers { edge.headers.add(name, value) }
        return try await gateway.respond(to: edge, id: "request-1") { limit in
            body.utf8.count <= limit ? ByteBuffer(string: body) : nil
        }
    }

    func get(_ path: String, method: String = "GET", host: String? = "portal", headers: [(String, String)] = []) async throws -> Reply {
        var edge = EdgeRequest(method: method, target: path, host: host, peer: IPAddress("192.0.2.1"))
        for (name, value) in headers { edge.headers.add(name, value) }
        return try await gateway.respond(to: edge, id: "request-1") { _ in
            throw UnexpectedRead()
        }
    }
}

/// A GET's body is nobody's business.
struct UnexpectedRead: Error {}

/// Time that passes when the test says so.
final class TestClock: Sendable {
    let seconds = Mutex(1000.0)

    func advance(_ interval: Double) { seconds.withLock { $0 += interval } }
}

/// Everything that was logged, rendered.
final class LogLines: Sendable {
    let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }
    func with(_ event: String) -> [String] { all.filter { $0.hasPrefix(event + " ") } }
}

private struct LineHandler: LogHandler {
    let lines: LogLines
    var logLevel: Logger.Level = .trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = LogFields.unfolded(event.metadata).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        lines.lines.withLock { $0.append("\(event.message) \(event.level) \(fields.joined(separator: " "))") }
    }
}

extension Reply {
    var text: String { String(buffer: body) }

    /// `error` of a failure, as parsed.
    var error: JSONObject? {
        guard let object = try? JSONValue.parse(body).object, object["success"] == .bool(false) else { return nil }
        return object["error"]?.object
    }

    /// The fields named in `validation_errors`.
    var fields: [String] {
        error?["validation_errors"]?.array?.compactMap { $0.object?["field"]?.string } ?? []
    }
}

extension Identifier {
    /// An id that the test knows to be one.
    static func number(_ value: UInt64) -> Self {
        // A literal of a test outside 1 ... 2^53 − 1 is a mistake of the test.
        Self(value)!
    }
}
