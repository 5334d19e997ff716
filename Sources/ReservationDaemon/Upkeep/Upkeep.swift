import Dispatch
import Glibc
import Logging
import NIOCore
import NIOPosix
import ReservationCore
import ReservationLog
import ReservationStore
import Synchronization

/// What is done beside bookings and takes long: backups and examinations, one after the other on a thread of its own. Both work on a copy
/// that is made of the store while it serves, so the ledger gives them no more than a slice of its time now and then.
///
/// A backup is not its caller's: who began it may leave, and any operator can ask how it goes. An examination is its caller's.
final class Upkeep: Sendable {
    /// Examinations that wait for their turn; the next caller hears OVERLOADED.
    private static let waitingLimit = 4
    /// Of the thread: bookings come first where there are not processors enough.
    private static let niceness: Int32 = 10

    let ledger: Ledger
    let logger: Logger
    let clock: @Sendable () -> Instant
    let cancellation = Cancellation()
    /// Where an examination's copy is made: beside the database, where the daemon may write.
    let database: String
    let pace: LiveCopy.Pace
    private let record: BackupRecord
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let state: Mutex<State>

    private struct State {
        var examinations: [UInt64: (Submission, any OutcomeSink)] = [:]
        var lastNumber: UInt64 = 0
        /// The one that is being made, or was made last.
        var backup: BackupState?
        /// Why the last one was not made.
        var backupFailure: UpkeepFailure?
        var isBackupUnderWay = false
        var lastBackup: Instant?
        /// What stands half made, to be removed when the daemon ends.
        var partialPath: String?
        var isStopping = false
    }

    /// - Parameter database: its path.
    init(
        ledger: Ledger, database: String, logger: Logger, clock: @escaping @Sendable () -> Instant = SystemClock.now,
        pace: LiveCopy.Pace = LiveCopy.Pace()
    ) {
        self.ledger = ledger
        self.database = database
        self.logger = logger
        self.clock = clock
        self.pace = pace
        record = BackupRecord(besides: database)
        var state = State()
        state.lastBackup = record.read()
        self.state = Mutex(state)
        thread.start()
    }

    deinit { thread.shutdownGracefully { _ in } }

    /// When the last good backup was taken, by this daemon or an earlier one of this database; nil when none is known of.
    var lastBackup: Instant? { state.withLock { $0.lastBackup } }

    /// Answers a request that ``Command/isUpkeep``, now or when its work is done.
    func take(_ submission: Submission, for sink: any OutcomeSink) {
        switch submission.command {
        case .backup(.begin(let path, let keep)): sink.deliver([(submission, begin(path, keep: keep))])
        case .backup(.follow(let id)): sink.deliver([(submission, follow(id))])
        default: queueExamination(submission, for: sink)
        }
    }

    /// Ends what is under way and leaves nothing of it behind.
    func stop() {
        cancellation.cancel()
        let (waiting, partial) = state.withLock { state in
            defer { state.examinations = [:] }
            state.isStopping = true
            return (Array(state.examinations.values), state.partialPath)
        }
        for (submission, sink) in waiting { sink.deliver([(submission, .failed(.unavailable))]) }
        // The thread may be amid something that cannot be interrupted; the process does not wait for it.
        if let partial { PartialFile.remove(partial) }
    }

    // MARK: examinations

    private func queueExamination(_ submission: Submission, for sink: any OutcomeSink) {
        let number: UInt64? = state.withLock { state in
            guard !state.isStopping, state.examinations.count < Self.waitingLimit else { return nil }
            state.lastNumber += 1
            state.examinations[state.lastNumber] = (submission, sink)
            return state.lastNumber
        }
        guard let number else { return sink.deliver([(submission, .failed(cancellation.isCancelled ? .unavailable : .overloaded))]) }
        inOrder {
            let outcome = submission.deadline < .now() ? .failed(.deadlineExceeded) : self.examine(repairing: submission.command)
            let waits = self.state.withLock { $0.examinations.removeValue(forKey: number) != nil }
            if waits { sink.deliver([(submission, outcome)]) }
        }
    }

    // MARK: backups

    private func begin(_ path: String, keep: Int?) -> Outcome {
        let asked = NIODeadline.now()
        let destination: BackupDestination
        do throws(UpkeepFailure) {
            if cancellation.isCancelled { throw .stopped }
            destination = try BackupDestination(path, keep: keep, now: clock())
        } catch {
            return .refused(.backupFailed(error.message))
        }
        let admitted: Result<BackupState, BackupIsRunning> = state.withLock { state in
            if state.isBackupUnderWay, let other = state.backup { return .failure(BackupIsRunning(path: other.path)) }
            let backup = BackupState(id: UInt64.random(in: 1...UInt64(TicketID.maximum)), path: destination.path)
            state.backup = backup
            state.backupFailure = nil
            state.isBackupUnderWay = true
            return .success(backup)
        }
        switch admitted {
        case .failure(let running): return .refused(.backupRunning(path: running.path))
        case .success(let backup):
            logger.record(.info, .backupBegun, [.path: "\(backup.path)"])
            inOrder { self.make(destination, keep: keep, asked: asked) }
            return .backup(backup)
        }
    }

    private struct BackupIsRunning: Error {
        let path: String
    }

    private func follow(_ id: UInt64) -> Outcome {
        state.withLock { state in
            guard let backup = state.backup, backup.id == id else { return .refused(.backupNotFound) }
            if let failure = state.backupFailure { return .refused(.backupFailed(failure.message)) }
            return .backup(backup)
        }
    }

    private func make(_ destination: BackupDestination, keep: Int?, asked: NIODeadline) {
        do throws(UpkeepFailure) {
            let made = try backUp(to: destination, keep: keep, asked: asked)
            record.write(made.snapshotAt)
            state.withLock { state in
                state.backup?.phase = .done
                state.backup?.made = made
                state.isBackupUnderWay = false
                state.lastBackup = made.snapshotAt
            }
            logger.record(
                .notice, .backupDone,
                [.path: "\(destination.path)", .count: "\(made.reservations)", .durationMicroseconds: "\(made.milliseconds * 1000)"])
        } catch {
            state.withLock { state in
                state.backupFailure = error
                state.isBackupUnderWay = false
            }
            logger.record(.error, .backupFailed, [.path: "\(destination.path)", .reason: "\(error.message)"])
        }
    }

    func note(_ phase: BackupState.Phase, _ progress: CopyProgress? = nil) {
        state.withLock { state in
            state.backup?.phase = phase
            if let progress {
                state.backup?.pagesDone = progress.pagesDone
                state.backup?.pagesTotal = progress.pagesTotal
            }
        }
    }

    // MARK: the thread

    /// Keeps in mind what ``stop()`` is to remove.
    func setPartial(_ path: String?) {
        let isStopping = state.withLock { state in
            state.partialPath = path
            return state.isStopping
        }
        if isStopping, let path { PartialFile.remove(path) }
    }

    private func inOrder(_ work: @escaping @Sendable () -> Void) {
        thread.submit { _ in
            // Of the calling thread alone, on Linux. Where it is forbidden, it is as good as the others.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
            work()
        }
    }
}

extension Command {
    /// Whether it is done beside the ledger, where there is an ``Upkeep``.
    var isUpkeep: Bool {
        switch self {
        case .doctor, .repair, .backup: true
        default: false
        }
    }
}

extension EventName {
    static let backupBegun: EventName = "backup.begun"
    static let backupDone: EventName = "backup.done"
    static let backupFailed: EventName = "backup.failed"
}
