import Glibc
import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Opening the database")
struct OpeningTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a missing file is made, for its owner alone, and so is its log")
    func makesFile() throws {
        let store = try SQLiteReservationStore(path: folder.database)
        try store.furnish()
        #expect(folder.contents == ["reservations.sqlite", "reservations.sqlite-wal"])
        #expect(folder.mode("reservations.sqlite") == 0o600)
        #expect(folder.mode("reservations.sqlite-wal") == 0o600)
    }

    @Test("what was committed is there after closing and opening again")
    func reopens() throws {
        do { try SQLiteReservationStore(path: folder.database).furnish() }
        #expect(folder.contents == ["reservations.sqlite"])
        let store = try SQLiteReservationStore(path: folder.database)
        #expect(try store.ticket(TicketID(2 as Int64)!) == Samples.ticket(2))
    }

    @Test("every setting that the guarantees rest on is in force")
    func settings() throws {
        let store = try SQLiteReservationStore(path: folder.database, cacheBytes: 3 << 20)
        let expected = [
            "locking_mode": "exclusive", "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "trusted_schema": "0",
            "cell_size_check": "1", "temp_store": "2", "cache_size": "-3072", "wal_autocheckpoint": "0",
            "journal_size_limit": "67108864", "secure_delete": "1",
        ]
        for (name, value) in expected {
            let found = try column("PRAGMA \(name)", on: store.connection)
            #expect(found == [value], "\(name)")
        }
    }

    @Test("a quoted word that is no column is an error, and the schema cannot be written by SQL")
    func flags() throws {
        let store = try SQLiteReservationStore(path: folder.database)
        #expect(throws: StorageFailure.self) { try store.connection.execute("SELECT \"nothing\"", to: "quote") }
        #expect(throws: StorageFailure.self) {
            try store.connection.execute("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema", to: "deface")
        }
    }

    @Test("a second store in the same process is refused, and the first goes on")
    func secondInProcess() throws {
        let first = try SQLiteReservationStore(path: folder.database)
        #expect(throws: StoreOpenError.inUse(folder.database)) {
            _ = try SQLiteReservationStore(path: folder.database, busyTimeoutMilliseconds: 0)
        }
        try first.furnish()
        #expect(try first.statistics().tickets == 3)
    }

    @Test("once the first has gone, the second may open")
    func lockIsReleased() throws {
        do { _ = try SQLiteReservationStore(path: folder.database) }
        _ = try SQLiteReservationStore(path: folder.database, busyTimeoutMilliseconds: 0)
    }

    @Test("a missing directory is named")
    func missingDirectory() {
        #expect(throws: StoreOpenError.directoryMissing("\(folder.path)/none")) {
            _ = try SQLiteReservationStore(path: "\(folder.path)/none/reservations.sqlite")
        }
    }

    @Test("a file in the place of the directory is named as missing directory")
    func fileAsDirectory() throws {
        try folder.write([1], to: "file")
        #expect(throws: StoreOpenError.directoryMissing("\(folder.path)/file")) {
            _ = try SQLiteReservationStore(path: "\(folder.path)/file/reservations.sqlite")
        }
    }

    @Test("a directory in the place of the file is refused")
    func directoryAsFile() {
        #expect(throws: StoreOpenError.notAFile("\(folder.path)/.")) { _ = try SQLiteReservationStore(path: "\(folder.path)/.") }
    }

    @Test("SQLite's special names are plain file names here", arguments: [":memory:", "file:x?mode=memory", ""])
    func specialNames(name: String) {
        // Relative names lie below the working directory, so a directory that is not there shows how they were read.
        let file = DatabaseFile(path: name)
        #expect(file.path == "./\(name)")
    }

    @Test("a text file is not a database and stays as it is")
    func textFile() throws {
        let text = Array(repeating: "ticket,code\n", count: 100).joined()
        try folder.write(Array(text.utf8))
        #expect(throws: StoreOpenError.notADatabase(folder.database)) { _ = try SQLiteReservationStore(path: folder.database) }
        #expect(folder.size() == text.utf8.count)
    }

    @Test("another program's database is refused and not changed")
    func foreignDatabase() throws {
        try folder.write([])
        try tamper(folder.database, "CREATE TABLE bookmarks (url TEXT)")
        let size = folder.size()
        #expect(throws: StoreOpenError.foreignDatabase(folder.database)) { _ = try SQLiteReservationStore(path: folder.database) }
        #expect(folder.size() == size)
    }

    @Test("a database whose first pages are destroyed is reported as damaged")
    func damagedSchema() throws {
        do { try SQLiteReservationStore(path: folder.database).furnish() }
        // The header of 100 bytes stays, so that it still looks like a database.
        try folder.write([UInt8](repeating: 0xA5, count: 3996), at: 100)
        #expect {
            _ = try SQLiteReservationStore(path: folder.database)
        } throws: { error in
            guard case StoreOpenError.damaged(folder.database, _) = error else { return false }
            return true
        }
    }

    @Test("every error tells the operator which file and what to do")
    func messages() {
        let errors: [StoreOpenError] = [
            .directoryMissing("/x"), .directoryNotWritable("/x"), .notAFile("/x"), .notPermitted("/x"), .readOnly("/x"),
            .notADatabase("/x"), .foreignDatabase("/x"), .damaged("/x", detail: "d"), .inUse("/x"),
            .newerSchema("/x", found: 99, known: 23), .schemaHistory("/x", detail: "d"),
            .migrationFailed("/x", migration: "21 m", detail: "d"), .diskFull("/x"), .deviceFailed("/x", detail: "d"),
            .settingRefused("/x", setting: "s", found: "f"), .failed("/x", detail: "d"),
        ]
        #expect(Set(errors.map(\.message)).count == errors.count)
        for error in errors {
            #expect(error.message.contains("/x"))
            #expect(!error.message.contains("\n"))
        }
    }
}
