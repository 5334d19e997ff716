import NIOCore
import ReservationMetrics
import Synchronization

/// The latest that each program has reported of itself, for as long as the connection lasts on which it came.
///
/// No report grows too old to be kept: a program that has nothing new to say says nothing, and a Unix socket's connection ends with its
/// process. How old each is, is told with it.
final class ProgramReports: Sendable {
    /// Most programs at the same time.
    static let limit = 8

    private struct Entry {
        var connection: ObjectIdentifier
        /// From 1; tells several of one program apart.
        var number: Int
        var report: ProgramReport
        var takenAt: NIODeadline
    }

    private let entries = Mutex<[Entry]>([])

    /// - Returns: false when there is no room.
    func keep(_ report: ProgramReport, of connection: ObjectIdentifier, at now: NIODeadline) -> Bool {
        entries.withLock { entries in
            if let index = entries.firstIndex(where: { $0.connection == connection && $0.report.program == report.program }) {
                entries[index].report = report
                entries[index].takenAt = now
                return true
            }
            guard entries.count < Self.limit else { return false }
            let taken = Set(entries.filter { $0.report.program == report.program }.map(\.number))
            let number = (1...Self.limit).first { !taken.contains($0) } ?? Self.limit
            entries.append(Entry(connection: connection, number: number, report: report, takenAt: now))
            return true
        }
    }

    func forget(_ connection: ObjectIdentifier) {
        entries.withLock { $0.removeAll { $0.connection == connection } }
    }

    /// By program, with each one's age.
    func all(at now: NIODeadline) -> [(program: String, exposition: Exposition, age: TimeAmount)] {
        entries.withLock { $0 }
            .map { entry in
                let (program, exposition) = entry.report.numbered(entry.number)
                return (program, exposition, max(.zero, now - entry.takenAt))
            }
            .sorted { $0.program < $1.program }
    }
}
