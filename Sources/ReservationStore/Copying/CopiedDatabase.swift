import CSQLite
import ReservationCore
import Synchronization

/// A complete copy of a database, of which nobody else knows yet: examined on any thread while the original serves.
package struct CopiedDatabase: Sendable {
    private let path: String
    private let vfs: String?

    package init(path: String) {
        self.init(path: path, vfs: nil)
    }

    init(path: String, vfs: String?) {
        self.path = DatabaseFile(path: path).path
        self.vfs = vfs
    }

    /// What is in a copy.
    package struct Contents: Hashable, Sendable {
        package var findings: [Finding]
        /// Live reservations.
        package var reservations: Int
        /// The highest number of a reservation, 0 when there is none: what was booked later has a higher one.
        package var lastReservation: Int64
        package var bytes: Int
    }

    /// Makes the file one that stands for itself (no log beside it, and readable from where nothing may be written), then examines it as
    /// `doctor` does. Nothing of it is synced.
    ///
    /// - Parameters:
    ///   - cacheBytes: memory for database pages.
    ///   - cancellation: ends it soon, with an error.
    package func examine(cacheBytes: Int = 2 << 20, cancellation: Cancellation) throws(StorageFailure) -> Contents {
        let connection: Connection
        do throws(StoreOpenError) {
            connection = try Connection(path: path, vfs: vfs)
        } catch {
            throw .unavailable("Could not open the copy: \(error.message)")
        }
        cancellation.guardWork(of: connection)
        var contents = Contents(findings: [], reservations: 0, lastReservation: 0, bytes: 0)
        do {
            try Self.prepare(connection, cacheBytes: cacheBytes)
            for examination in Examination.all { contents.findings.append(try examination.run(on: connection)) }
            contents.reservations = Int(try Self.number("SELECT total(booked_count) FROM reservation_slots", on: connection))
            contents.lastReservation = try Self.number("SELECT max(id) FROM ticket_reservations", on: connection)
            contents.bytes = Int(
                try Self.number("PRAGMA page_count", on: connection) * (try Self.number("PRAGMA page_size", on: connection)))
        } catch .corrupt(let detail) {
            // So damaged that not even the questions can be asked.
            contents.findings.append(Finding(check: Examination.soundness, passed: false, detail: detail))
        }
        return contents
    }

    private static func prepare(_ connection: borrowing Connection, cacheBytes: Int) throws(StorageFailure) {
        for setting in [
            // First, so that WAL needs no shared memory; then out of WAL.
            "locking_mode = EXCLUSIVE", "synchronous = OFF", "journal_mode = DELETE", "trusted_schema = OFF", "cell_size_check = ON",
            "temp_store = MEMORY", "cache_size = -\(max(1, cacheBytes / 1024))",
        ] {
            try connection.execute("PRAGMA \(setting)", to: "open the copy")
        }
        guard try number("PRAGMA application_id", on: connection) == SchemaUpgrade.applicationID else {
            throw .defect("The copy is not a database of this program")
        }
    }

    private static func number(_ sql: String, on connection: borrowing Connection) throws(StorageFailure) -> Int64 {
        let row = try Statement(sql, to: "read the copy", on: connection)
        defer { row.reset() }
        return try row.step() ? row.int(0) : 0
    }
}

/// Ends work on a copy from another thread.
package final class Cancellation: Sendable {
    private let flag = Atomic(false)

    package init() {}

    package var isCancelled: Bool { flag.load(ordering: .relaxed) }

    package func cancel() { flag.store(true, ordering: .relaxed) }

    /// Lets SQLite ask now and then whether to go on, for as long as the connection lives, which this must outlive.
    func guardWork(of connection: borrowing Connection) {
        sqlite3_progress_handler(
            connection.handle, 10_000,
            { context in
                guard let context else { return 0 }
                return Unmanaged<Cancellation>.fromOpaque(context).takeUnretainedValue().isCancelled ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
