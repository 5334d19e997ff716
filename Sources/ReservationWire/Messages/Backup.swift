import ReservationCore

/// Begins a backup of the running daemon's database, or asks how one that was begun goes.
package enum Backup: Operation {
    package typealias Request = BackupRequest
    package typealias Response = BackupResponse
    package static var opcode: Opcode { .daemonBackup }
}

/// Asks for `daemon.backup`: with a path to begin, with an id to hear of one that was begun.
package struct BackupRequest: WireMessage {
    /// Absolute, on the daemon's machine. A directory gets a file whose name tells the time; anything else must not exist yet.
    package var path: String?
    /// How many backups of such names stay in the directory, this one included; older ones are removed after this one is verified.
    package var keep: UInt64?
    /// As an earlier answer gave it.
    package var backupID: UInt64?

    package init(path: String? = nil, keep: UInt64? = nil, backupID: UInt64? = nil) {
        self.path = path
        self.keep = keep
        self.backupID = backupID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        path = try reader.optionalString(.path)
        keep = try reader.optionalInteger(.keep)
        backupID = try reader.optionalInteger(.backupID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.path, path)
        writer.write(.keep, keep)
        writer.write(.backupID, backupID)
    }
}

/// Answers `daemon.backup`, at once.
package struct BackupResponse: WireMessage {
    /// Live reservations that are in it.
    package var reservationCount: UInt64?
    /// Of the file, verified and in its place.
    package var databaseBytes: UInt64?
    /// Where the backup is, or will be.
    package var path: String
    /// By which to ask on; means nothing to a later life of the daemon.
    package var backupID: UInt64
    /// `WAITING`, `COPYING`, `VERIFYING` or `DONE`; the fields that are not always there come with the last.
    package var phase: String
    /// Of the database, copied so far.
    package var pagesDone: UInt64
    /// Of the database, 0 before it is known.
    package var pagesTotal: UInt64
    /// From the request to the end.
    package var durationMilliseconds: UInt64?
    /// Everything acknowledged before this moment is in the backup.
    package var snapshotAt: Instant?
    /// The highest number of a reservation in it, 0 when there is none.
    package var lastReservationID: UInt64?
    /// Older backups that were removed.
    package var removedCount: UInt64?

    package init(
        reservationCount: UInt64? = nil, databaseBytes: UInt64? = nil, path: String, backupID: UInt64, phase: String, pagesDone: UInt64,
        pagesTotal: UInt64, durationMilliseconds: UInt64? = nil, snapshotAt: Instant? = nil, lastReservationID: UInt64? = nil,
        removedCount: UInt64? = nil
    ) {
        self.reservationCount = reservationCount
        self.databaseBytes = databaseBytes
        self.path = path
        self.backupID = backupID
        self.phase = phase
        self.pagesDone = pagesDone
        self.pagesTotal = pagesTotal
        self.durationMilliseconds = durationMilliseconds
        self.snapshotAt = snapshotAt
        self.lastReservationID = lastReservationID
        self.removedCount = removedCount
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        reservationCount = try reader.optionalInteger(.reservationCount)
        databaseBytes = try reader.optionalInteger(.databaseBytes)
        path = try reader.string(.path)
        backupID = try reader.integer(.backupID)
        phase = try reader.string(.phase)
        pagesDone = try reader.integer(.pagesDone)
        pagesTotal = try reader.integer(.pagesTotal)
        durationMilliseconds = try reader.optionalInteger(.durationMilliseconds)
        snapshotAt = try reader.optionalInteger(.snapshotAt).map { Instant(seconds: Int64($0)) }
        lastReservationID = try reader.optionalInteger(.lastReservationID)
        removedCount = try reader.optionalInteger(.removedCount)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.reservationCount, reservationCount)
        writer.write(.databaseBytes, databaseBytes)
        writer.write(.path, path)
        writer.write(.backupID, backupID)
        writer.write(.phase, phase)
        writer.write(.pagesDone, pagesDone)
        writer.write(.pagesTotal, pagesTotal)
        writer.write(.durationMilliseconds, durationMilliseconds)
        if let snapshotAt { writer.write(.snapshotAt, snapshotAt) }
        writer.write(.lastReservationID, lastReservationID)
        writer.write(.removedCount, removedCount)
    }
}
