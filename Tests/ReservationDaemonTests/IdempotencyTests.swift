import ReservationCore
import ReservationWire
import Testing

@testable import ReservationDaemon

@Suite("Idempotency keys")
struct IdempotencyTests {
    @Test("the same request under its key gets the stored payload again, byte for byte, even within one group")
    func replay() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization)
        let ticket = try await bench.addTickets(organization)[0]
        let command = try bench.booking(ticket, slot, key: 7)
        let outcomes = await bench.ask([command, command])
        let payload = try #require(outcomes[0].created?.payload)
        guard case .replayed(let again) = outcomes[1] else { throw LedgerBench.Malformed() }
        #expect(again == payload)
        #expect(await bench.slot(slot)?.bookedCount == 1)
    }

    @Test("a replay survives a restart and says the same even after the slot has changed")
    func replayAfterRestart() async throws {
        let directory: String
        let command: Command
        let payload: [UInt8]
        let slot: SlotID
        do {
            let bench = try LedgerBench()
            directory = bench.directory
            let organization = try await bench.addOrganization()
            slot = try await bench.addSlot(organization)
            let ticket = try await bench.addTickets(organization)[0]
            command = try bench.booking(ticket, slot, key: .max)
            payload = try #require(await bench.ask(command).created?.payload)
            _ = await bench.ask(.setSlotOpen(slot, false))
        }
        let bench = try await LedgerBench.reopened(directory)
        defer { bench.remove() }
        guard case .replayed(let again) = await bench.ask(command) else { throw LedgerBench.Malformed() }
        #expect(again == payload)
        #expect(await bench.slot(slot)?.bookedCount == 1)
    }

    @Test("another request under the same key is refused", arguments: ["slot", "email", "ticket"])
    func reuse(changed: String) async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization)
        let other = try await bench.addSlot(organization, "2026-06-11 12:00")
        let tickets = try await bench.addTickets(organization, 2)
        #expect(await bench.ask(try bench.booking(tickets[0], slot, key: 7)).created != nil)
        let second = try bench.booking(
            tickets[changed == "ticket" ? 1 : 0], changed == "slot" ? other : slot,
            email: changed == "email" ? "jane@example.com" : "john@example.com", key: 7)
        #expect(await bench.ask(second).refusal == .idempotencyKeyReused)
    }

    @Test("a refusal is not remembered: the place that has become free is given to the same key")
    func refusalsAreForgotten() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, capacity: 1)
        let tickets = try await bench.addTickets(organization, 2)
        _ = await bench.ask(try bench.booking(tickets[0], slot))
        let command = try bench.booking(tickets[1], slot, key: 9)
        guard case .slotFull? = await bench.ask(command).refusal else { throw LedgerBench.Malformed() }
        _ = await bench.ask(.setSlotCapacity(slot, 2))
        #expect(await bench.ask(command).created != nil)
    }

    @Test("a move of a ticket is answered again as before although the ticket holds another reservation by now")
    func moveOfFormerReservation() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let first = try await bench.addSlot(organization)
        let second = try await bench.addSlot(organization, "2026-06-11 12:00")
        let ticket = try await bench.addTickets(organization)[0]
        let former = try #require(try await bench.ask(bench.booking(ticket, first)).created)
        func move(_ name: ReservationSelector, to slot: SlotID) -> Command {
            .life(.move(name, to: slot, Occasion(), key: CallersKey(role: .service, value: 7)))
        }
        let byTicket = ReservationSelector.ticket(TicketSelector(name: .id(ticket.id)))
        guard case .life(.moved(let moved)) = await bench.ask(move(byTicket, to: second)) else { throw LedgerBench.Malformed() }
        _ = await bench.ask(.life(.cancel(.id(former.id), Occasion())))
        let latter = try #require(try await bench.ask(bench.booking(ticket, first)).created)

        let byCode = ReservationSelector.ticket(TicketSelector(name: .code(ticket.code), organization: organization))
        for name in [byTicket, byCode] {
            guard case .replayed(let again) = await bench.ask(move(name, to: second)) else { throw LedgerBench.Malformed() }
            #expect(again == moved.payload)
        }
        #expect(await bench.ask(move(byTicket, to: first)).refusal == .idempotencyKeyReused)
        #expect(await bench.ask(move(.id(latter.id), to: second)).refusal == .idempotencyKeyReused)
        #expect(await bench.slot(first)?.bookedCount == 1)
        #expect(await bench.slot(second)?.bookedCount == 0)
    }

    @Test("parts of a request cannot be shifted into one another without changing the fingerprint")
    func fingerprints() throws {
        func fingerprint(_ ticket: Int64, _ slot: Int64, _ email: String) throws -> UInt128 {
            BookingRules.Request(
                organization: try require(OrganizationID(1 as Int64)), ticket: try require(TicketID(ticket)), code: nil,
                slot: try require(SlotID(slot)), contact: try Contact(email: email, phone: "+12025551234")
            ).fingerprint
        }
        let all = [
            try fingerprint(1, 11, "a@b.de"), try fingerprint(11, 1, "a@b.de"), try fingerprint(1, 1, "1a@b.de"),
            try fingerprint(1, 1, "a@b.de"),
        ]
        #expect(Set(all).count == all.count)
    }
}
