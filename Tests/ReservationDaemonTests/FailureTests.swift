import NIOCore
import ReservationCore
import ReservationStore
import ReservationWire
import Testing

@testable import ReservationDaemon

@Suite("When the store fails")
struct FailureTests {
    @Test("a full disk: writes hear UNAVAILABLE, reads of the same group see the committed state, the counters are as before")
    func fullDisk() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, capacity: 1)
        let tickets = try await bench.addTickets(organization, 2)
        bench.plan.failCommits([.unavailable("disk full")])
        let outcomes = await bench.ask([
            try bench.booking(tickets[0], slot), try bench.booking(tickets[1], slot),
            .validate(organization: organization, code: tickets[0].code), .health,
        ])
        #expect(outcomes[0].fault == .unavailable)
        // The refusal "full" rested on a booking that did not happen.
        #expect(outcomes[1].fault == .unavailable)
        guard case .validated(let ticket) = outcomes[2] else { throw LedgerBench.Malformed() }
        #expect(ticket.status == .activated)
        guard case .health(writable: false) = outcomes[3] else { throw LedgerBench.Malformed() }
        #expect(await bench.slot(slot)?.bookedCount == 0)
        #expect(await bench.slot(slot)?.status == .active)
    }

    @Test("when there is space again the ledger takes bookings by itself, and health says so without one")
    func recovery() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, capacity: 1)
        let ticket = try await bench.addTickets(organization)[0]
        bench.plan.failCommits([.unavailable("disk full"), .unavailable("disk full")])
        #expect(await bench.ask(try bench.booking(ticket, slot)).fault == .unavailable)
        // The first question after its health finds the disk still full, the second finds space.
        guard case .health(writable: false) = await bench.ask(.health) else { throw LedgerBench.Malformed() }
        _ = await bench.ask(.health)
        guard case .health(writable: true) = await bench.ask(.health) else { throw LedgerBench.Malformed() }
        #expect(await bench.ask(try bench.booking(ticket, slot)).created != nil)
        #expect(await bench.isSound())
    }

    @Test(
        "a count that knows of no visitor where there is one would oversell: who takes the place back ends the daemon",
        arguments: [true, false])
    func countTooLow(moves: Bool) async throws {
        let directory: String
        let slot: SlotID
        let change: LifeCommand
        do {
            let bench = try LedgerBench()
            directory = bench.directory
            let organization = try await bench.addOrganization()
            slot = try await bench.addSlot(organization)
            let other = try await bench.addSlot(organization, "2026-06-11 12:00")
            let tickets = try await bench.addTickets(organization, 2)
            let id = try #require(try await bench.ask(bench.booking(tickets[0], slot)).created).id
            bench.plan.forgetVisitors()
            bench.plan.failCommits([.unavailable("disk full")])
            #expect(await bench.ask(try bench.booking(tickets[1], slot)).fault == .unavailable)
            change = moves ? .move(.id(id), to: other, Occasion(), key: nil) : .cancel(.id(id), Occasion())
            #expect(await bench.ask(.life(change)).fault == .unavailable)
            let reasons = bench.failures.withLock { $0.map { $0.message(database: "r.sqlite") } }
            #expect(reasons.count == 1 && reasons[0].contains("slot \(slot) counts no visitor, and reservation \(id) has a place in it"))
        }
        let bench = try await LedgerBench.reopened(directory)
        defer { bench.remove() }
        #expect(await bench.slot(slot)?.bookedCount == 1)
        #expect(await bench.ask(.life(change)).fault == nil)
        #expect(await bench.slot(slot)?.bookedCount == 0)
        #expect(await bench.isSound())
    }

    @Test("a refusal, which writes nothing, is no sign that there is space again")
    func refusalProvesNothing() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization)
        let tickets = try await bench.addTickets(organization, 2)
        _ = await bench.ask(try bench.booking(tickets[0], slot))
        bench.plan.failCommits([.unavailable("disk full")])
        #expect(await bench.ask(try bench.booking(tickets[1], slot)).fault == .unavailable)
        #expect(await bench.ask(try bench.booking(tickets[0], slot)).refusal == .ticketAlreadyReserved(CalendarDate("2026-06-10")))
        guard case .status(let status) = await bench.ask(.status) else { throw LedgerBench.Malformed() }
        #expect(!status.writable)
    }

    @Test("a device that fails during a commit: OUTCOME_UNKNOWN, the process is told to end, later requests hear UNAVAILABLE")
    func deviceFails() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization)
        let tickets = try await bench.addTickets(organization, 2)
        bench.plan.failCommits([.deviceFailed("fsync")])
        let outcomes = await bench.ask([
            try bench.booking(tickets[0], slot), .validate(organization: organization, code: tickets[1].code),
        ])
        #expect(outcomes[0].fault == .outcomeUnknown)
        #expect(outcomes[1].fault == .unavailable)
        #expect(await bench.ask(try bench.booking(tickets[1], slot)).fault == .unavailable)
        #expect(bench.failures.withLock { $0.map(\.isAmbiguous) } == [true])
    }

    @Test("after an unknown outcome that was stored all the same, a restart and the same key give the one reservation there is")
    func unknownButStored() async throws {
        let directory: String
        let command: Command
        let slot: SlotID
        do {
            let bench = try LedgerBench()
            directory = bench.directory
            let organization = try await bench.addOrganization()
            slot = try await bench.addSlot(organization)
            let ticket = try await bench.addTickets(organization)[0]
            command = try bench.booking(ticket, slot, key: 5)
            bench.plan.failCommits([.deviceFailed("fsync")], storedAnyway: true)
            #expect(await bench.ask(command).fault == .outcomeUnknown)
        }
        let bench = try await LedgerBench.reopened(directory)
        defer { bench.remove() }
        guard case .replayed = await bench.ask(command) else { throw LedgerBench.Malformed() }
        #expect(await bench.slot(slot)?.bookedCount == 1)
        #expect(await bench.isSound())
    }

    @Test("a request that breaks a constraint suffers alone; its neighbours in the group are booked")
    func defect() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, capacity: 3)
        let tickets = try await bench.addTickets(organization, 3)
        bench.plan.failRecording(tickets[1].id, with: .defect("constraint"))
        let outcomes = await bench.ask(try tickets.map { try bench.booking($0, slot) })
        #expect(outcomes[0].created != nil)
        #expect(outcomes[1].fault == .defect)
        #expect(outcomes[2].created != nil)
        #expect(await bench.slot(slot)?.bookedCount == 2)
        #expect(await bench.isSound())
    }

    @Test("a slot that was made in a group that failed is not there, and can be made again")
    func structure() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let kept = try await bench.addSlot(organization)
        let draft = SlotDraft(
            organization: organization, date: try #require(CalendarDate("2026-07-01")), startTime: try #require(TimeOfDay("10:00:00")),
            endTime: try #require(TimeOfDay("11:00:00")), totalCapacity: 4)
        bench.plan.failCommits([.unavailable("disk full")])
        #expect(await bench.ask(.createSlot(draft)).fault == .unavailable)
        guard case .slots(let slots, false) = await bench.ask(.listSlots(SlotQuery(limit: 10))) else { throw LedgerBench.Malformed() }
        #expect(slots.map(\.id) == [kept])
        guard case .slots(let made, _) = await bench.ask(.createSlot(draft)) else { throw LedgerBench.Malformed() }
        #expect(made.count == 1)
    }

    @Test("counters that cannot be restored end the process: nothing may be decided on them")
    func restoreFails() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization)
        let tickets = try await bench.addTickets(organization, 2)
        bench.plan.failRefreshing(with: .deviceFailed("read"))
        bench.plan.failCommits([.unavailable("disk full")])
        #expect(await bench.ask(try bench.booking(tickets[0], slot)).fault == .unavailable)
        #expect(await bench.ask(try bench.booking(tickets[1], slot)).fault == .unavailable)
        #expect(bench.failures.withLock { $0.count } == 1)
    }

    @Test("a request whose time is up before it is begun is not carried out")
    func deadline() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization)
        let ticket = try await bench.addTickets(organization)[0]
        let outcome = await bench.ask([try bench.booking(ticket, slot)], deadline: .now() - .seconds(1))[0]
        #expect(outcome.fault == .deadlineExceeded)
        #expect(await bench.slot(slot)?.bookedCount == 0)
    }
}
