import Foundation
import ReservationCore
import ReservationStore
import Testing

@testable import ReservationDaemon

@Suite("Starting")
struct StartTests {
    @Test("a counter that was tampered with keeps the ledger from starting; the message names the slot and the repair command")
    func tamperedCounter() async throws {
        let directory: String
        let slot: SlotID
        do {
            let bench = try LedgerBench()
            directory = bench.directory
            let organization = try await bench.addOrganization()
            slot = try await bench.addSlot(organization, capacity: 5)
            let ticket = try await bench.addTickets(organization)[0]
            #expect(await bench.ask(try bench.booking(ticket, slot)).created != nil)
        }
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try await LedgerBench.open(directory)
        try store.begin()
        let stored = try #require(try store.loadSlots { _, _, _ in Instant(seconds: 0) }.first)
        var lying = stored
        lying.bookedCount = 0
        try store.update(lying)
        try store.commit()
        let error = #expect(throws: LedgerStartError.self) {
            _ = try LedgerState(loading: store, zones: TimeZoneDatabase())
        }
        let message = try #require(error?.message(database: "/var/lib/r.sqlite"))
        #expect(message.contains("slot \(slot)"))
        #expect(message.contains("reservationd --database /var/lib/r.sqlite --repair-counters"))
        _ = try store.repairCounters(now: Instant(seconds: 0))
        #expect(try LedgerState(loading: store, zones: TimeZoneDatabase()).slots[slot]?.bookedCount == 1)
    }

    @Test(
        "names that are no time zones lead nowhere",
        arguments: ["", "../../etc/passwd", "/etc/passwd", "Europe", "Nowhere/City", "a/b/c/d"])
    func zones(name: String) {
        #expect(TimeZoneDatabase().rules(named: name) == nil)
    }

    @Test("the heartbeat passes through the ledger")
    func heartbeat() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        await withCheckedContinuation { continuation in
            Watchdog(ledger: bench.ledger) { continuation.resume() }.beat()
        }
    }
}
