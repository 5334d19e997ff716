import CSQLite
import Glibc
import ReservationCore
import SeededRandom
import Testing

@testable import ReservationStore

@Suite("Damage")
struct DamageTests {
    @Test(
        "result codes mean for a batch what the design says",
        arguments: [
            (SQLITE_FULL, "unavailable"), (SQLITE_BUSY, "unavailable"), (ExtendedCode.busySnapshot, "unavailable"),
            (SQLITE_LOCKED, "unavailable"), (SQLITE_READONLY, "unavailable"), (ExtendedCode.readOnlyMoved, "unavailable"),
            (SQLITE_CANTOPEN, "unavailable"), (SQLITE_IOERR, "deviceFailed"), (ExtendedCode.ioSync, "deviceFailed"),
            (ExtendedCode.ioWrite, "deviceFailed"), (ExtendedCode.ioRead, "deviceFailed"), (SQLITE_CORRUPT, "corrupt"),
            (ExtendedCode.corruptIndex, "corrupt"), (SQLITE_NOTADB, "corrupt"), (ExtendedCode.constraintUnique, "defect"),
            (SQLITE_MISUSE, "defect"), (SQLITE_NOMEM, "defect"),
        ] as [(Int32, String)])
    func meaning(code: Int32, expected: String) {
        let failure = StorageFailure(code: code, database: nil, action: "test")
        let (name, text): (String, String) =
            switch failure {
            case .unavailable(let text): ("unavailable", text)
            case .deviceFailed(let text): ("deviceFailed", text)
            case .corrupt(let text): ("corrupt", text)
            case .defect(let text): ("defect", text)
            }
        #expect(name == expected)
        #expect(text.hasPrefix("Could not test: ") && text.hasSuffix("(SQLite \(code))"))
    }

    @Test("a damaged page is reported as damage where it is met, and by the examination, and crashes nothing")
    func damagedPages() throws {
        let folder = try TemporaryFolder()
        do { try SQLiteReservationStore(path: folder.database).furnish(tickets: 2000) }
        let pages = folder.size() / 4096
        var generator = SeededGenerator(seed: 1)
        // The schema's own page stays; every third of the others is overwritten.
        for page in stride(from: 30, to: pages, by: 3) {
            try folder.write((0..<4096).map { _ in UInt8.random(in: 0...255, using: &generator) }, at: page * 4096)
        }
        let store = try SQLiteReservationStore(path: folder.database)
        var found = 0
        var damaged = 0
        for number in 1...2000 as ClosedRange<Int64> {
            do throws(StorageFailure) {
                if try store.ticket(Samples.ticket(number).id) == Samples.ticket(number) { found += 1 }
            } catch {
                if case .corrupt = error { damaged += 1 }
            }
        }
        #expect(found > 0)
        #expect(damaged > 0)
        let findings = try store.examine()
        #expect(findings.count == Examination.all.count)
        #expect(findings.first.map { !$0.passed } == true)
    }

    @Test("a database cut short is damage, not an empty database")
    func cutShort() throws {
        let folder = try TemporaryFolder()
        do { try SQLiteReservationStore(path: folder.database).furnish(tickets: 2000) }
        truncate(folder.database, off_t(folder.size() / 2))
        do {
            let store = try SQLiteReservationStore(path: folder.database)
            #expect(try store.examine().contains { !$0.passed })
        } catch let error as StoreOpenError {
            guard case .damaged = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
