import ReservationCore
import StorageFaults
import Testing

@testable import ReservationStore

@Suite("Faults while a copy is made")
struct CopyFaultTests {
    /// What a life of a store with a copy came to.
    private struct Life {
        var booked: Set<Int64> = []
        /// Events of the store's disk when a booking was acknowledged.
        var moments: [(events: Int, ticket: Int64)] = []
        var isCopied = false
        var failure: StorageFailure?
    }

    private static let tickets: Int64 = 60

    private func furnished() throws -> DiskState {
        let disk = SimulatedDisk()
        let store = try SQLiteReservationStore(on: disk, cacheBytes: BookingScript.cacheBytes)
        try store.furnish(tickets: Self.tickets, slots: 1, capacity: 200)
        return withExtendedLifetime(store) { disk.state }
    }

    /// Books one ticket after each step of the copy. A fault of the copy's disk ends the copy and nothing else.
    private func run(_ store: SQLiteReservationStore, on disk: SimulatedDisk, copyingTo target: SimulatedDisk) throws -> Life {
        var life = Life()
        func book(_ ticket: Int64) throws {
            _ = try store.book(ticket: ticket)
            life.booked.insert(ticket)
            life.moments.append((disk.eventCount, ticket))
        }
        do throws(StorageFailure) {
            let copy = try DatabaseCopy(of: store.connection, into: target.path, vfs: SimulatedFileSystem.name)
            while try !copy.step(pages: 2).isComplete {
                do { try book(Int64(life.booked.count + 1)) } catch { throw StorageFailure.defect("booking failed: \(error)") }
            }
            life.isCopied = true
        } catch {
            life.failure = error
        }
        if case .defect(let reason) = life.failure, reason.hasPrefix("booking failed") { Issue.record("\(reason)") }
        try book(Self.tickets)
        return life
    }

    private func contents(of target: SimulatedDisk) throws -> CopiedDatabase.Contents {
        try CopiedDatabase(path: target.path, vfs: SimulatedFileSystem.name).examine(cancellation: Cancellation())
    }

    @Test("whichever operation on the copy's disk fails: bookings go on, and what is called complete is", arguments: DiskOperation.allCases)
    func everyFault(operation: DiskOperation) async throws {
        let prepared = try furnished()
        let healthy = SimulatedDisk()
        healthy.setFault(nil)
        do {
            let disk = SimulatedDisk(prepared)
            let life = try run(try SQLiteReservationStore(on: disk), on: disk, copyingTo: healthy)
            try #require(life.isCopied && life.booked.count > 5)
            #expect(try contents(of: healthy).findings.filter { !$0.passed } == [])
        }
        var ended = 0
        let faults = DiskFault.all(upTo: healthy.counts).filter { $0.operation == operation }
        for fault in faults {
            await Task.yield()
            let (disk, target) = (SimulatedDisk(prepared), SimulatedDisk())
            let store = try SQLiteReservationStore(on: disk)
            target.setFault(fault)
            let life = try run(store, on: disk, copyingTo: target)
            target.setFault(nil)
            #expect(try store.examine().filter { !$0.passed } == [], "\(fault)")
            for ticket in life.booked {
                #expect(try store.liveReservation(of: Samples.ticket(ticket).id) != nil, "\(fault)")
            }
            if life.isCopied {
                let contents = try contents(of: target)
                #expect(contents.findings.filter { !$0.passed } == [], "\(fault)")
                #expect(contents.reservations == life.booked.count - 1, "\(fault)")
            } else {
                ended += 1
            }
        }
        print("copy, \(operation.rawValue): \(faults.count) faults, \(ended) ended the copy")
    }

    @Test("whenever the power fails while a copy is made, the store itself has all that was acknowledged")
    func powerCut() async throws {
        let disk = SimulatedDisk(DiskState(try furnished().powerCut(.everything)))
        disk.record()
        let store = try SQLiteReservationStore(on: disk, cacheBytes: BookingScript.cacheBytes)
        let life = try run(store, on: disk, copyingTo: SimulatedDisk())
        #expect(life.isCopied)
        let recording = withExtendedLifetime(store) { disk.recording }
        let trial = await PowerCutTrial(recording, step: 3) { events, survivor in
            do {
                let again = try SQLiteReservationStore(on: SimulatedDisk(survivor))
                var problems = try again.examine().filter { !$0.passed }.map(\.detail)
                for moment in life.moments where moment.events <= events {
                    if try again.liveReservation(of: Samples.ticket(moment.ticket).id) == nil {
                        problems.append("\(moment.ticket) is lost")
                    }
                }
                return problems
            } catch {
                return ["\(error)"]
            }
        }
        #expect(trial.violations.isEmpty, "\(trial.violations.count): \(trial.violations.prefix(5))")
        print("power cuts while a copy is made: \(trial)")
    }
}
