import Foundation
import ReservationCore
import ReservationStore
import SeededRandom
import Testing

/// The simulation proves something about the product only as far as its store in memory is like the one on SQLite.
@Suite("the simulated store and the one on SQLite")
struct StorageAgreementTests {
    @Test("answer the same calls the same, and hold the same afterwards", arguments: UInt64(1)...12)
    func agreement(seed: UInt64) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "agreement-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let real = try SQLiteReservationStore(path: directory.appending(path: "r.sqlite").path)
        let disk = SimulatedDisk(world: World(seed: seed), state: StoredState())
        let simulated = MemoryStorage(disk: disk, process: SimulatedProcess())
        var random = SeededGenerator(seed: seed)
        for step in 0..<250 {
            let call = try StorageCall(using: &random)
            let expected = call.answer(of: real)
            let answer = call.answer(of: simulated)
            #expect(answer == expected, "step \(step): \(call)")
            guard answer == expected else { return }
        }
        real.rollback()
        simulated.rollback()
        #expect(try StorageContents(of: simulated) == StorageContents(of: real))
        #expect(
            try real.examine().allSatisfy(\.passed)
                == disk.state.complaints.filter { !$0.contains("twice") && !$0.contains("confirmations") }.isEmpty)
    }

    @Test("what was not committed is gone after a crash, what was is there", arguments: [false, true])
    func crash(stored: Bool) throws {
        let disk = SimulatedDisk(world: World(seed: 1), state: StoredState())
        let process = SimulatedProcess()
        disk.onCrash = { process.kill() }
        disk.faults = [(operation: 3, fault: .crash(stored: stored))]
        let storage = MemoryStorage(disk: disk, process: process)
        let id = try #require(OrganizationID(Int64(1)))
        let organization = Organization(
            id: id, name: "Venue", timeZone: "Etc/UTC", allowsStarted: false, createdAt: Instant(seconds: 0))
        try storage.begin()
        #expect(try storage.insert(organization))
        #expect(throws: StorageFailure.self) { try storage.commit() }
        #expect(throws: StorageFailure.self) { try storage.begin() }
        let next = MemoryStorage(disk: disk, process: SimulatedProcess())
        #expect(try next.loadOrganizations() == (stored ? [organization] : []))
    }
}
