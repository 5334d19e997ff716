import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Idempotency records")
struct IdempotencyTests {
    let folder: TemporaryFolder
    let store: SQLiteReservationStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteReservationStore(path: folder.database)
    }

    @Test(
        "fingerprint and reply come back byte for byte",
        arguments: [[], [0], Array(0...255), [UInt8](repeating: 0xFF, count: 100_000)] as [[UInt8]])
    func roundTrip(reply: [UInt8]) throws {
        let record = IdempotencyRecord(fingerprint: .max - 5, reply: reply)
        try store.batch { try store.insert(record, under: Samples.key(1 << 127 | 7), now: Samples.now) }
        #expect(try store.idempotencyRecord(Samples.key(1 << 127 | 7)) == record)
        #expect(try store.idempotencyRecord(Samples.key(7)) == nil)
    }

    @Test("keys of other roles and organizations never meet")
    func separate() throws {
        try store.batch {
            for (number, role) in Role.allCases.enumerated() {
                for organization in 1...2 as ClosedRange<Int64> {
                    let record = IdempotencyRecord(fingerprint: UInt128(number), reply: [UInt8(organization)])
                    try store.insert(record, under: Samples.key(9, role: role, organization: organization), now: Samples.now)
                }
            }
        }
        let found = try store.idempotencyRecord(Samples.key(9, role: .service, organization: 2))
        #expect(found == IdempotencyRecord(fingerprint: 1, reply: [2]))
    }

    @Test("keys are stored as 16 bytes, big-endian, like the fingerprints")
    func layout() throws {
        try store.batch {
            try store.insert(IdempotencyRecord(fingerprint: 0x0102, reply: []), under: Samples.key(0x0A0B), now: Samples.now)
        }
        let stored = try column("SELECT hex(key) || ' ' || hex(fingerprint) FROM idempotency_records", on: store.connection)
        #expect(stored == ["00000000000000000000000000000A0B 00000000000000000000000000000102"])
    }

    @Test("the same key twice is a defect that leaves the first record")
    func duplicate() throws {
        let record = IdempotencyRecord(fingerprint: 1, reply: [1])
        try store.batch {
            try store.insert(record, under: Samples.key(1), now: Samples.now)
            #expect(throws: StorageFailure.self) {
                try store.insert(IdempotencyRecord(fingerprint: 2, reply: [2]), under: Samples.key(1), now: Samples.now)
            }
        }
        #expect(try store.idempotencyRecord(Samples.key(1)) == record)
    }

    @Test("old records are forgotten oldest first, a bounded number at a time, and young ones stay")
    func sweep() throws {
        try store.batch {
            for number in 0..<10 {
                try store.insert(
                    IdempotencyRecord(fingerprint: 1, reply: [1]), under: Samples.key(UInt128(number)),
                    now: Instant(seconds: Int64(100 + number)))
            }
        }
        let border = Instant(seconds: 106)
        #expect(try store.batch { try store.removeIdempotencyRecords(before: border, limit: 4) } == 4)
        #expect(try store.idempotencyRecord(Samples.key(3)) == nil)
        #expect(try store.idempotencyRecord(Samples.key(4)) != nil)
        #expect(try store.batch { try store.removeIdempotencyRecords(before: border, limit: 4) } == 2)
        #expect(try store.batch { try store.removeIdempotencyRecords(before: border, limit: 4) } == 0)
        #expect(try store.idempotencyRecord(Samples.key(6)) != nil)
        #expect(try store.batch { try store.removeIdempotencyRecords(before: Samples.now, limit: 0) } == 0)
        #expect(try store.batch { try store.removeIdempotencyRecords(before: Samples.now, limit: -1) } == 0)
        #expect(try store.batch { try store.removeIdempotencyRecords(before: Samples.now, limit: 100) } == 4)
    }
}
