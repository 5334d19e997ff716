import Glibc
import Logging
import Synchronization

/// Where a program's log goes: what `--log` accepts.
package enum LogDestination: String, CaseIterable, Sendable {
    /// To journald when the program's standard error already ends there, else to standard error.
    case automatic = "auto"
    /// To journald by its own protocol, with every field searchable.
    case journal = "journald"
    /// Readable lines.
    case standardError = "stderr"

    private struct Current {
        let pipeline: LogPipeline
        let isJournal: Bool
    }

    private static let current = Mutex<Current?>(nil)

    /// Makes all of swift-log write through one pipeline. Called once, first thing in `main`; then call ``flush()`` before the program ends.
    ///
    /// - Parameters:
    ///   - program: `SYSLOG_IDENTIFIER`.
    ///   - level: the least level that is written, unless a logger is told another.
    package static func bootstrap(program: String, level: Logger.Level, destination: LogDestination = .automatic) {
        let journal = destination.reachesJournal(
            hasSocket: access(journalSocket, F_OK) == 0,
            stream: getenv("JOURNAL_STREAM").map { String(cString: $0) },
            standardError: fileIdentity(STDERR_FILENO))
        let sink: any LogSink = journal ? JournalSink(program: program) : LineSink(descriptor: STDERR_FILENO)
        let pipeline = LogPipeline(sink: sink)
        current.withLock { $0 = Current(pipeline: pipeline, isJournal: journal) }
        LoggingSystem.bootstrap(
            { label, provider in
                PipelineLogHandler(label: label, pipeline: pipeline, level: level, metadataProvider: provider)
            }, metadataProvider: nil)
        if destination == .journal, !journal {
            Logger(label: program).record(.warning, .logJournalMissing, [.socket: "\(journalSocket)", .hint: "writing to stderr"])
        }
    }

    /// Waits until everything logged so far is written, two seconds at most. Call it last.
    package static func flush() {
        current.withLock { $0 }?.pipeline.flush()
    }

    /// Tells an operator why the program ends without having done its work: as one plain line on standard error, or, where that is not read
    /// as the log is, as an entry with a priority and a text in the catalogue.
    ///
    /// - Parameter message: what happened and what to do.
    package static func complain(_ message: String, program: String) {
        if let current = current.withLock({ $0 }), current.isJournal {
            Logger(label: program).record(.critical, .programFailed, [.error: "\(message)"])
            return current.pipeline.flush()
        }
        flush()
        let line = Array("\(program): \(message)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }

    static let journalSocket = "/run/systemd/journal/socket"

    /// - Parameters:
    ///   - stream: `JOURNAL_STREAM`, "device:inode" of the stream that systemd connected (systemd.exec(5)); a program started by that
    ///     one with its standard error elsewhere inherits the variable, so it counts only when it names this standard error.
    ///   - standardError: the same of this process.
    func reachesJournal(hasSocket: Bool, stream: String?, standardError: String?) -> Bool {
        switch self {
        case .standardError: false
        case .journal: hasSocket
        case .automatic: hasSocket && stream != nil && stream == standardError
        }
    }

    private static func fileIdentity(_ descriptor: Int32) -> String? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return "\(status.st_dev):\(status.st_ino)"
    }
}
