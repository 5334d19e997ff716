import Glibc
import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Restoring a backup")
struct RestorationTests {
    let folder: TemporaryFolder
    var backup: String { "\(folder.path)/backup" }

    /// A database with ticket 1 booked before the backup and ticket 2 after it; its store has gone, its log may hold something.
    init() throws {
        folder = try TemporaryFolder()
        let store = try SQLiteReservationStore(path: folder.database)
        try store.furnish(tickets: 10)
        _ = try store.book(ticket: 1)
        try folder.write([], to: "backup")
        try store.beginCopy(into: backup)
        while try !store.continueCopy(pages: 100).isComplete {}
        store.endCopy()
        _ = try CopiedDatabase(path: backup).examine(cancellation: Cancellation())
        _ = try store.book(ticket: 2)
    }

    private var restoration: Restoration { Restoration(database: folder.database, backup: backup) }

    private func booked(_ path: String) throws -> [Int64] {
        let store = try SQLiteReservationStore(path: path)
        return try (1...10).filter { try store.liveReservation(of: Samples.ticket($0).id) != nil }
    }

    @Test("the backup takes the database's place, which is kept aside whole, and the backup stays as it is")
    func restored() throws {
        let outcome = try restoration.run(now: Samples.now)
        #expect(outcome.reservations == 1)
        #expect(outcome.lastReservation == 1)
        #expect(try booked(folder.database) == [1])
        #expect(folder.mode("reservations.sqlite") == 0o600)
        let aside = try #require(outcome.movedAside)
        #expect(aside == folder.database + ".before-restore-20251009T085320Z")
        #expect(try booked(aside) == [1, 2])
        #expect(try booked(backup) == [1])
        #expect(!folder.contents.contains { $0.contains("restoring") })
    }

    @Test("what only the log of the present database holds is kept aside with it, and does not reach the restored one")
    func log() throws {
        let store = try SQLiteReservationStore(path: folder.database)
        _ = try store.book(ticket: 3)
        // As a killed daemon leaves them.
        let (file, log) = (try bytes("reservations.sqlite"), try bytes("reservations.sqlite-wal"))
        try withExtendedLifetime(store) {
            let killed = try TemporaryFolder()
            try killed.write(file)
            try killed.write(log, to: "reservations.sqlite-wal")
            let outcome = try Restoration(database: killed.database, backup: backup).run(now: Samples.now)
            #expect(try booked(try #require(outcome.movedAside)) == [1, 2, 3])
            #expect(try booked(killed.database) == [1])
        }
    }

    @Test("where there is no database yet, there is one afterwards")
    func fresh() throws {
        let other = try TemporaryFolder()
        let outcome = try Restoration(database: other.database, backup: backup).run(now: Samples.now)
        #expect(outcome.movedAside == nil)
        #expect(try booked(other.database) == [1])
    }

    @Test("a database that SQLite cannot open can be replaced all the same")
    func damagedDatabase() throws {
        try folder.write([UInt8](repeating: 0x5A, count: 8192))
        let outcome = try restoration.run(now: Samples.now)
        #expect(outcome.movedAside != nil)
        #expect(try booked(folder.database) == [1])
    }

    @Test("a backup that is damaged, of another program, cut short or not there is refused, and the database stays")
    func refused() throws {
        func expectRefused(_ what: String) {
            #expect(throws: RestoreError.self, "\(what)") { try restoration.run(now: Samples.now) }
            #expect((try? booked(folder.database)) == [1, 2], "\(what)")
            #expect(!folder.contents.contains { $0.contains("restoring") || $0.contains("before-restore") }, "\(what)")
        }
        let sound = try bytes("backup")
        try tamper(backup, "UPDATE reservation_slots SET booked_count = 7 WHERE id = 1")
        expectRefused("a counter that lies")
        unlink(backup)
        try folder.write(Array(sound[..<(sound.count / 2)]), to: "backup")
        expectRefused("cut short")
        unlink(backup)
        try folder.write(Array("not a database at all, but long enough to be looked at as one".utf8), to: "backup")
        expectRefused("no database")
        unlink(backup)
        expectRefused("not there")
        try folder.write(sound, to: "backup")
        try folder.write([1, 2, 3], to: "backup-wal")
        expectRefused("in use when it was copied")
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: folder.size(name))
        let descriptor = open("\(folder.path)/\(name)", O_RDONLY)
        defer { close(descriptor) }
        try #require(read(descriptor, &bytes, bytes.count) == bytes.count)
        return bytes
    }
}
