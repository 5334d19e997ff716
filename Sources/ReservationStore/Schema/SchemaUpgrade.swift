import Glibc
import ReservationCore

/// Brings a database to the schema that this program knows, step by step, each with its record in one transaction.
struct SchemaUpgrade {
    let path: String
    let migrations: [Migration]

    /// "RSV1" in SQLite's header: tells the file apart from any other program's database.
    static let applicationID: Int64 = 0x5253_5631

    init(path: String, migrations: [Migration] = Migration.all) {
        self.path = path
        self.migrations = migrations
    }

    /// Applies what is missing; nothing when all of it is there.
    func run(on connection: borrowing Connection) throws(StoreOpenError) {
        let done = try checkedHistory(on: connection)
        for migration in migrations.dropFirst(done) {
            try apply(migration, on: connection)
        }
    }

    /// - Returns: how many of the known migrations are recorded.
    private func checkedHistory(on connection: borrowing Connection) throws(StoreOpenError) -> Int {
        let version = try number("PRAGMA user_version", on: connection)
        let application = try number("PRAGMA application_id", on: connection)
        if application != Self.applicationID {
            guard application == 0, version == 0, try number("SELECT count(*) FROM sqlite_schema", on: connection) == 0 else {
                throw .foreignDatabase(path)
            }
            return 0
        }
        let recorded = try history(on: connection)
        let newest = max(Int(version), recorded.last?.number ?? 0)
        let known = migrations.last?.number ?? 0
        guard newest <= known else { throw .newerSchema(path, found: newest, known: known) }
        let expected = migrations.prefix(recorded.count)
        guard zip(recorded, expected).allSatisfy({ $0.number == $1.number && $0.name == $1.name }), recorded.count == expected.count,
            version == recorded.last.map({ Int64($0.number) }) ?? 0
        else {
            let names = recorded.map { "\($0.number) \($0.name)" }.joined(separator: ", ")
            throw .schemaHistory(path, detail: "version \(version) after [\(names)]")
        }
        return recorded.count
    }

    private func history(on connection: borrowing Connection) throws(StoreOpenError) -> [(number: Int, name: String)] {
        do {
            let rows = try Statement(
                "SELECT number, name FROM schema_migrations ORDER BY number", to: "read the record of migrations", on: connection)
            defer { rows.reset() }
            var found: [(Int, String)] = []
            while try rows.step() { found.append((Int(rows.int(0)), rows.text(1))) }
            return found
        } catch {
            throw opening(error)
        }
    }

    private func apply(_ migration: Migration, on connection: borrowing Connection) throws(StoreOpenError) {
        // IMMEDIATE takes the write lock before anything was read, so there is nothing to take back on SQLITE_BUSY.
        let statements = """
            BEGIN IMMEDIATE;
            CREATE TABLE IF NOT EXISTS schema_migrations (
                number INTEGER PRIMARY KEY,
                name TEXT NOT NULL,
                applied_at INTEGER NOT NULL
            ) STRICT;
            \(migration.sql)
            INSERT INTO schema_migrations (number, name, applied_at) VALUES (\(migration.number), '\(migration.name)', \(time(nil)));
            PRAGMA application_id = \(Self.applicationID);
            PRAGMA user_version = \(migration.number);
            COMMIT;
            """
        do {
            try connection.execute(statements, to: "apply a migration")
        } catch {
            // SQLite may have ended it by itself; an error here would only say that.
            if connection.isInTransaction { try? connection.execute("ROLLBACK", to: "undo a migration") }
            switch error {
            case .unavailable(let detail), .defect(let detail):
                throw .migrationFailed(path, migration: "\(migration.number) \(migration.name)", detail: detail)
            case .deviceFailed, .corrupt: throw opening(error)
            }
        }
    }

    private func number(_ sql: String, on connection: borrowing Connection) throws(StoreOpenError) -> Int64 {
        do {
            let row = try Statement(sql, to: "read the version of the schema", on: connection)
            defer { row.reset() }
            return try row.step() ? row.int(0) : 0
        } catch {
            throw opening(error)
        }
    }

    private func opening(_ failure: StorageFailure) -> StoreOpenError {
        StoreOpenError(failure, path: path)
    }
}

extension StoreOpenError {
    /// A fault met after the file was open, while the store was still being set up.
    init(_ failure: StorageFailure, path: String) {
        self =
            switch failure {
            case .deviceFailed(let detail): .deviceFailed(path, detail: detail)
            case .corrupt(let detail): .damaged(path, detail: detail)
            case .unavailable(let detail), .defect(let detail): .failed(path, detail: detail)
            }
    }
}
