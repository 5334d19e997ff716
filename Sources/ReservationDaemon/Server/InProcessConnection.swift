import NIOCore
import ReservationCore
import ReservationWire
import Synchronization

/// A caller's connection without a socket: bytes in, answers out, by the same decoder, session, ledger and encoder as every other one's.
/// What is measured through it is the daemon's own work and nothing of the kernel's, on the caller's thread and so the same every time.
package final class InProcessConnection {
    private let ledger: Ledger
    private let role: Role
    private let requestDecoder = RequestDecoder()
    private let encoder = ReplyEncoder()
    private let metrics = DaemonMetrics()
    private var session: ServerSession
    private var decoder = FrameDecoder(receiving: .client)

    /// - Parameters:
    ///   - store: handed over whole; nobody else may touch it from here on.
    ///   - clock: what time it is.
    /// - Throws: what keeps a ledger from starting, said for the operator.
    package init(store: sending any ReservationStorage, role: Role, clock: @escaping @Sendable () -> Instant) throws(DaemonStartError) {
        var settings = LedgerSettings()
        settings.clock = clock
        settings.metrics = metrics.ledger
        do throws(LedgerStartError) {
            ledger = try Ledger(store: store, zones: TimeZoneDatabase(), settings: settings, executor: CallersThread())
        } catch {
            throw DaemonStartError(message: error.message(database: "in this process"))
        }
        self.role = role
        session = ServerSession(instanceID: 0, serverName: "reservationd", role: role)
    }

    /// Takes whole frames and returns when each request among them has its answer; all of them are one group for the ledger.
    ///
    /// - Returns: the answers as they would go out.
    /// - Throws: when a frame breaks the protocol.
    package func exchange(_ bytes: ByteBuffer) throws(FrameError) -> ByteBuffer {
        var output = ByteBuffer()
        var submissions: [Submission] = []
        decoder.append(bytes)
        while let frame = try decoder.next() {
            switch session.receive(frame) {
            case .send(let frame): frame.write(into: &output)
            case .execute(let request): if let submission = accept(request, &output) { submissions.append(submission) }
            case .none, .cancel: break
            case .sendThenClose(let frame):
                frame.write(into: &output)
                return output
            case .close: return output
            }
        }
        guard !submissions.isEmpty else { return output }
        let answered = outcomes(submissions)
        let now = NIODeadline.now()
        for (submission, outcome) in answered {
            metrics.record(outcome, of: submission, at: now)
            encoder.write(outcome, to: submission, surroundings: Self.surroundings, into: &output)
            _ = session.completed(requestID: submission.requestID)
        }
        return output
    }

    private func accept(_ request: AcceptedRequest, _ output: inout ByteBuffer) -> Submission? {
        let now = NIODeadline.now()
        var submission = Submission(
            requestID: request.requestID, opcode: request.opcode, encoding: request.encoding, command: .heartbeat,
            caller: Caller(role: role), deadline: now + .milliseconds(Int64(request.deadlineMilliseconds)), receivedAt: now)
        do throws(RequestDecoder.Problem) {
            submission.command = try requestDecoder.command(request, role: role)
            return submission
        } catch {
            switch error {
            case .malformed(let reason):
                encoder.error(.malformedPayload, ErrorReply(message: reason.message), to: submission, into: &output)
            case .refused(let refusal): encoder.error(Status(refusal), ErrorReply(refusal), to: submission, into: &output)
            }
            _ = session.completed(requestID: request.requestID)
            return nil
        }
    }

    private func outcomes(_ submissions: [Submission]) -> [(Submission, Outcome)] {
        let sink = CollectingSink()
        guard ledger.submit(submissions, for: sink) else { return submissions.map { ($0, .failed(.unavailable)) } }
        return sink.outcomes.withLock { $0 }
    }

    private static func surroundings() -> ReplyEncoder.Surroundings {
        ReplyEncoder.Surroundings(instanceID: 0, uptimeSeconds: 0, connections: 1, queueDepth: 0)
    }
}

/// Keeps a group's outcomes for whoever submitted it.
private final class CollectingSink: OutcomeSink {
    let outcomes = Mutex<[(Submission, Outcome)]>([])

    func deliver(_ answered: [(Submission, Outcome)]) {
        outcomes.withLock { $0 += answered }
    }
}

/// Lets the ledger come round at once, on the thread that asks it.
private final class CallersThread: LedgerExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        UnownedJob(job).runSynchronously(on: asUnownedSerialExecutor())
    }

    func submit(_ work: @escaping @Sendable () -> Void) { work() }

    /// The connection is not `Sendable`, and nobody else has its ledger: there is only ever one thread.
    func checkIsolated() {}
}
