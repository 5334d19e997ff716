import ReservationClient
import ReservationWire
import Synchronization

@testable import ReservationGateway

/// A daemon that says what the test told it to say, and remembers what it was asked.
final class RecordingLedger: Ledger {
    /// The answer, whatever the operation; the test knows which response type is asked for.
    enum Script: Sendable {
        case answer(any WireMessage, replayed: Bool = false)
        case refuse(Status, ErrorReply)
        case fail(ClientError)
    }

    private let script: Script
    private let recorded = Mutex<[(request: any WireMessage, deadline: Duration)]>([])

    /// Tells of changed slots.
    let watch: AsyncStream<SlotWatchEvent>.Continuation
    private let watched: AsyncStream<SlotWatchEvent>

    init(_ script: Script) {
        self.script = script
        (watched, watch) = AsyncStream.makeStream()
    }

    func watchSlots() -> AsyncStream<SlotWatchEvent> { watched }

    var requests: [any WireMessage] { recorded.withLock { $0.map(\.request) } }
    var deadlines: [Duration] { recorded.withLock { $0.map(\.deadline) } }

    func call<O: Operation>(_ operation: O.Type, _ request: O.Request, deadline: Duration) async -> CallResult<O.Response> {
        recorded.withLock { $0.append((request, deadline)) }
        switch script {
        case .answer(let response, let replayed):
            guard let response = response as? O.Response else {
                return .failed(ClientError(code: .protocolViolation, message: "the script has another operation's answer"))
            }
            return .answered(response, replayed: replayed)
        case .refuse(let status, let reply): return .refused(status, reply)
        case .fail(let error): return .failed(error)
        }
    }
}
