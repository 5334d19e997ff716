import ReservationCore
import StorageFaults

@testable import ReservationStore

/// What a disk must hold after a fault or a power cut.
struct Expectation: Sendable {
    /// Batches whose callers were told that it is done.
    var stored: Set<Int> = []
    /// Batches whose callers know nothing. Of all others they know, or may assume, that nothing was done.
    var unknown: Set<Int> = []

    /// Opens the disk as the next process does, compares, and books; then the power fails, and all that this process saw must still hold.
    ///
    /// - Returns: what is wrong, in words.
    func violations(on state: DiskState) -> [String] {
        do {
            let disk = SimulatedDisk(state)
            let store = try BookingScript.open(disk)
            var found = try unsound(store)
            var seen = Expectation()
            let slots = try store.allSlots()
            for batch in BookingScript.batches {
                let presence = try batch.presence(in: store, slots)
                if presence == .all { seen.stored.insert(batch.number) }
                found += complaint(about: batch.number, presence)
            }
            // What this process reads it may tell: it must not be able to vanish any more, even if nothing is written after it.
            let read = disk.state
            if !read.isSynced { found += try seen.violations(after: read.powerCut(.nothing), spare: nil) }
            let spare = try store.book(ticket: BookingScript.spareTicket, slot: BookingScript.spareSlot)
            let cut = withExtendedLifetime(store) { disk.state.powerCut(.nothing) }
            found += try seen.violations(after: cut, spare: spare)
            return found
        } catch {
            return ["the next process fails: \(error)"]
        }
    }

    /// - Parameter spare: the reservation of the spare ticket.
    private func violations(after cut: DiskImage, spare: ReservationID?) throws -> [String] {
        let store = try BookingScript.open(SimulatedDisk(DiskState(cut)))
        var found = try store.counterMismatches().map { "a counter lies: \($0)" }
        let slots = try store.allSlots()
        for batch in BookingScript.batches { found += complaint(about: batch.number, try batch.presence(in: store, slots)) }
        if try store.liveReservation(of: Samples.ticket(BookingScript.spareTicket).id)?.id != spare {
            found.append("the spare ticket has another reservation than before")
        }
        return found.map { "after a restart and a power cut: \($0)" }
    }

    private func complaint(about batch: Int, _ presence: ScriptedBatch.Presence) -> [String] {
        switch presence {
        case .part: ["batch \(batch) is there in part"]
        case .nothing where stored.contains(batch): ["batch \(batch) was acknowledged and is lost"]
        case .all where !stored.contains(batch) && !unknown.contains(batch): ["batch \(batch) is there although it was refused"]
        default: []
        }
    }

    private func unsound(_ store: SQLiteReservationStore) throws -> [String] {
        try store.examine().filter { !$0.passed }.map { "\($0.check): \($0.detail)" }
    }
}
