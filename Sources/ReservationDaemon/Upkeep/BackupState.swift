import ReservationCore

/// How a backup goes.
struct BackupState: Sendable, Hashable {
    enum Phase: String, Sendable {
        case waiting = "WAITING"
        case copying = "COPYING"
        case verifying = "VERIFYING"
        case done = "DONE"
    }

    /// What was made.
    struct Made: Sendable, Hashable {
        var snapshotAt: Instant
        /// Live reservations.
        var reservations: Int
        var lastReservation: Int64
        var bytes: Int
        var milliseconds: Int
        /// Older backups that were removed.
        var removed: Int
    }

    var id: UInt64
    /// Where it is to be.
    var path: String
    var phase = Phase.waiting
    var pagesDone = 0
    var pagesTotal = 0
    /// Once done.
    var made: Made?
}
