import ReservationCore
import StorageFaults

@testable import ReservationStore

/// One life of a store under the script, and what it answered.
struct ScriptRun {
    enum Fate: Sendable {
        case stored, notStored, unknown
    }

    /// When the commit of a batch began and when it had succeeded, in events of the disk's recording.
    struct Moments: Sendable {
        var began: Int
        var stored: Int?
    }

    /// What a caller would be told. A batch that is missing was never begun.
    private(set) var fates: [Int: Fate] = [:]
    private(set) var moments: [Int: Moments] = [:]
    private(set) var failure: StorageFailure?
    private(set) var openError: StoreOpenError?
    private(set) var checkpointFailure: StorageFailure?
    /// The disk before the store was closed, as a killed process leaves it.
    private(set) var killed: DiskState?

    private let answersEarly: Bool
    private let setting: String?
    private var slots: [SlotID: Slot] = [:]

    /// - Parameters:
    ///   - answersEarly: a store that answers before the commit is what the tests must notice.
    ///   - setting: what else is set on each connection.
    init(answersEarly: Bool = false, setting: String? = nil) {
        self.answersEarly = answersEarly
        self.setting = setting
    }

    /// Until the end of the script, or until a fault after which the daemon ends.
    mutating func run(on disk: SimulatedDisk) {
        do throws(StoreOpenError) {
            var store: SQLiteReservationStore? = try open(disk)
            for step in BookingScript.steps {
                if case .reopen = step {
                    store = nil
                    store = try open(disk)
                } else if let store, !take(step, store, disk) {
                    break
                }
            }
            withExtendedLifetime(store) { killed = disk.state }
            store = nil
        } catch {
            openError = error
        }
    }

    private mutating func open(_ disk: SimulatedDisk) throws(StoreOpenError) -> SQLiteReservationStore {
        let store = try BookingScript.open(disk)
        do throws(StorageFailure) {
            if let setting { try store.connection.execute(setting, to: "set") }
            for slot in try store.loadSlots(startsAt: { _, _, _ in Samples.later }) { slots[slot.id] = slot }
        } catch {
            throw StoreOpenError(error, path: disk.path)
        }
        return store
    }

    /// - Returns: false when the daemon would end.
    private mutating func take(_ step: BookingScript.Step, _ store: SQLiteReservationStore, _ disk: SimulatedDisk) -> Bool {
        switch step {
        case .commit(let batch): return commit(batch, store, disk)
        case .undo(let batch):
            fates[batch.number] = .notStored
            do throws(StorageFailure) {
                try store.begin()
                try batch.write(to: store, &slots)
                store.rollback()
                return restore(store)
            } catch {
                return recover(from: error, store)
            }
        case .checkpoint(let pages):
            store.checkpoint(ifLogExceeds: pages)
            checkpointFailure = checkpointFailure ?? store.checkpointFailure
            return true
        case .reopen: return true
        }
    }

    private mutating func commit(_ batch: ScriptedBatch, _ store: SQLiteReservationStore, _ disk: SimulatedDisk) -> Bool {
        fates[batch.number] = .notStored
        do throws(StorageFailure) {
            try store.begin()
            try batch.write(to: store, &slots)
        } catch {
            return recover(from: error, store)
        }
        if answersEarly { fates[batch.number] = .stored }
        moments[batch.number] = Moments(began: disk.eventCount, stored: answersEarly ? disk.eventCount : nil)
        do throws(StorageFailure) {
            try store.commit()
        } catch {
            if case .deviceFailed = error, !answersEarly { fates[batch.number] = .unknown }
            return recover(from: error, store)
        }
        fates[batch.number] = .stored
        if !answersEarly { moments[batch.number]?.stored = disk.eventCount }
        return true
    }

    private mutating func recover(from failure: StorageFailure, _ store: SQLiteReservationStore) -> Bool {
        self.failure = self.failure ?? failure
        store.rollback()
        guard case .unavailable = failure else { return false }
        return restore(store)
    }

    /// As the ledger takes the counters from the database again.
    private mutating func restore(_ store: SQLiteReservationStore) -> Bool {
        do throws(StorageFailure) {
            for (id, slot) in slots { slots[id] = try store.refreshed(slot) }
            return true
        } catch {
            failure = failure ?? error
            return false
        }
    }
}

extension ScriptRun {
    var expectation: Expectation {
        Expectation(
            stored: Set(fates.filter { $0.value == .stored }.keys), unknown: Set(fates.filter { $0.value == .unknown }.keys))
    }

    /// What must be there when the power failed after so many events.
    func expectation(after events: Int) -> Expectation {
        Expectation(
            stored: Set(moments.filter { $0.value.stored.map { $0 <= events } ?? false }.keys),
            unknown: Set(moments.filter { $0.value.began < events && ($0.value.stored.map { events < $0 } ?? true) }.keys))
    }
}
