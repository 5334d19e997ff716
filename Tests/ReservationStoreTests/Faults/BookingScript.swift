import ReservationCore
import StorageFaults

@testable import ReservationStore

/// What the ledger does with a store in a life, in small: batches of every kind of write, one that is undone, checkpoints when idle and
/// when busy, a restart.
enum BookingScript {
    enum Step: Sendable {
        case commit(ScriptedBatch)
        case undo(ScriptedBatch)
        case checkpoint(ifLogExceeds: Int)
        case reopen
    }

    static let steps: [Step] = [
        .commit(ScriptedBatch(number: 1, bookings: [(1, 1), (2, 2)])),
        // Books slot 1 up.
        .commit(ScriptedBatch(number: 2, bookings: [(3, 1), (4, 1), (5, 2)], closed: 5)),
        .undo(ScriptedBatch(number: 3, bookings: [(6, 2)], issued: 101...103)),
        .checkpoint(ifLogExceeds: 0),
        .commit(ScriptedBatch(number: 4, bookings: [(7, 2)], issued: 104...108, resized: (3, 30), organization: 2)),
        .commit(ScriptedBatch(number: 5, sweeps: true)),
        .checkpoint(ifLogExceeds: 1_000),
        // More pages than the cache holds: some reach the log before the commit.
        .commit(ScriptedBatch(number: 6, issued: 200...320)),
        .checkpoint(ifLogExceeds: 4),
        .commit(ScriptedBatch(number: 7, bookings: [(8, 4)])),
        .reopen,
        .commit(ScriptedBatch(number: 8, bookings: [(9, 2), (10, 6)], made: 20)),
    ]

    static let batches: [ScriptedBatch] = steps.compactMap { step in
        switch step {
        case .commit(let batch), .undo(let batch): batch
        default: nil
        }
    }

    static let cacheBytes = 48 << 10
    /// Keys that the sweep forgets.
    static let oldKeys: ClosedRange<UInt128> = 901...903
    /// Free for whoever looks whether the store still books.
    static let spareTicket: Int64 = 37
    static let spareSlot: Int64 = 2

    static func open(_ disk: SimulatedDisk) throws(StoreOpenError) -> SQLiteReservationStore {
        try SQLiteReservationStore(on: disk, cacheBytes: cacheBytes)
    }

    /// A disk on which the script can begin, left by a store that was killed: its last batch is in the log alone.
    static func prepared() throws -> DiskState {
        let disk = SimulatedDisk()
        let store = try open(disk)
        try store.furnish(tickets: 36, slots: 6)
        try store.batch {
            var slots = try store.allSlots()
            slots[0].totalCapacity = 3
            try store.update(slots[0])
            let earlier = Instant(seconds: Samples.now.seconds - 10)
            for key in oldKeys {
                try store.insert(IdempotencyRecord(fingerprint: key, reply: [1]), under: Samples.key(key), now: earlier)
            }
        }
        store.checkpoint(ifLogExceeds: 0)
        try store.batch {
            for number in spareTicket...40 { _ = try store.insert(Samples.ticket(number)) }
        }
        for ticket: Int64 in 38...40 { _ = try store.book(ticket: ticket, slot: spareSlot) }
        return withExtendedLifetime(store) { disk.state }
    }

    /// Whether a database of which nobody was told anything can be used; returns what is wrong.
    static func usability(of state: DiskState) -> [String] {
        do {
            let store = try open(SimulatedDisk(state))
            try store.furnish()
            _ = try store.book(ticket: 1)
            return try store.examine().filter { !$0.passed }.map(\.detail)
        } catch {
            return ["\(error)"]
        }
    }
}

extension SQLiteReservationStore {
    convenience init(on disk: SimulatedDisk, cacheBytes: Int = defaultCacheBytes) throws(StoreOpenError) {
        try self.init(path: disk.path, cacheBytes: cacheBytes, busyTimeoutMilliseconds: 0, vfs: SimulatedFileSystem.name) {
            _ throws(StoreOpenError) in
            let code = disk.settleLog()
            if code != 0 { throw StoreOpenError(code: code, database: nil, path: disk.path) }
        }
    }
}
