import NIOCore
import ReservationCore
import StorageFaults
import Synchronization

@testable import ReservationDaemon
@testable import ReservationStore

/// One process: the real ledger and store on a simulated disk, with everything it told.
final class LedgerLife: Sendable {
    /// What is told to the operator and to the process.
    struct Told: Sendable {
        var degraded = 0
        var checkpointFailures: [StorageFailure] = []
        var defects: [String] = []
        var terminal: [GroupFailure] = []
    }

    /// Outcomes, and the disk when they were handed out.
    struct Answer: Sendable {
        var outcomes: [Outcome]
        /// How many events the disk had recorded.
        var events: Int
        /// How many faults had happened.
        var faults: Int
    }

    let ledger: Ledger
    let disk: SimulatedDisk
    private let toldSoFar: ToldBox

    private final class ToldBox: Sendable {
        let told = Mutex(Told())
    }

    private static let zones = TimeZoneDatabase()

    /// - Parameters:
    ///   - setting: what else is set on the connection.
    ///   - now: the ledger's time, in Unix seconds.
    init(_ disk: SimulatedDisk, setting: String? = nil, now: Instant = LedgerScript.now) throws {
        self.disk = disk
        let box = ToldBox()
        toldSoFar = box
        var settings = LedgerSettings()
        settings.clock = { now }
        // Low enough that groups of the script are followed by checkpoints, and some are not.
        settings.groupLimit = 8
        settings.shortCheckpointPages = 8
        settings.longCheckpointPages = 20
        settings.onDegraded = { _ in box.told.withLock { $0.degraded += 1 } }
        settings.onCheckpointFailure = { failure in box.told.withLock { $0.checkpointFailures.append(failure) } }
        settings.onDefect = { reason in box.told.withLock { $0.defects.append(reason) } }
        settings.onTerminalFailure = { failure in box.told.withLock { $0.terminal.append(failure) } }
        let store = try SQLiteReservationStore(
            path: disk.path, busyTimeoutMilliseconds: 0, vfs: SimulatedFileSystem.name
        ) { _ throws(StoreOpenError) in
            let code = disk.settleLog()
            if code != 0 { throw StoreOpenError(code: code, database: nil, path: disk.path) }
        }
        if let setting { try store.connection.execute(setting, to: "set") }
        ledger = try Ledger(store: store, zones: Self.zones, settings: settings)
    }

    var told: Told { toldSoFar.told.withLock { $0 } }

    /// Puts the commands to the ledger as one group; back when they are answered and the ledger is at rest again.
    func ask(_ commands: [Command]) async -> Answer {
        let answer = await withCheckedContinuation { continuation in
            let submissions = commands.enumerated().map { index, command in
                Submission(
                    requestID: UInt64(index + 1), opcode: .reservationCreate, encoding: .tlv, command: command, deadline: .distantFuture,
                    receivedAt: .now())
            }
            let sink = RecordingSink(continuation, disk)
            if !ledger.submit(submissions, for: sink) { continuation.resume(returning: Answer(outcomes: [], events: 0, faults: 0)) }
        }
        // A visit to the ledger's thread comes after the checkpoint and the sweep that follow an answer.
        _ = await ledger.isWritable
        return answer
    }

    func ask(_ command: Command) async -> Outcome? { await ask([command]).outcomes.first }

    private final class RecordingSink: OutcomeSink {
        private let continuation: CheckedContinuation<Answer, Never>
        private let disk: SimulatedDisk

        init(_ continuation: CheckedContinuation<Answer, Never>, _ disk: SimulatedDisk) {
            self.continuation = continuation
            self.disk = disk
        }

        func deliver(_ answered: [(Submission, Outcome)]) {
            continuation.resume(
                returning: Answer(outcomes: answered.map(\.1), events: disk.eventCount, faults: disk.hits.count))
        }
    }
}

extension Ledger {
    /// Why the last checkpoint did not succeed.
    var lastCheckpointFailure: StorageFailure? { store.checkpointFailure }
}
