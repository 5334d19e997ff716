import ReservationCore
import Testing

@testable import ReservationDaemon

@Suite("Personal data")
struct PersonalDataTests {
    private func order(_ email: String, _ position: PersonalDataOrder.Position = .reservations(behind: nil)) throws -> PersonalDataOrder {
        PersonalDataOrder(person: .email(try require(EmailAddress(email))), position: position)
    }

    private func erase(
        _ bench: LedgerBench, _ email: String = "john@example.com", _ erasure: Erasure = Erasure()
    ) async throws -> ErasureReport {
        var total = ErasureReport()
        var next: PersonalDataOrder.Position? = .reservations(behind: nil)
        while let position = next {
            guard case .personalData(.erased(let report)) = await bench.ask(.personalData(.erase(try order(email, position), erasure)))
            else { throw LedgerBench.Malformed() }
            total.reservations += report.reservations
            total.upcoming += report.upcoming
            total.tickets += report.tickets
            total.emptied += report.emptied
            next = report.next
        }
        return total
    }

    /// - Returns: how many steps there were to do.
    private func sweep(_ bench: LedgerBench) async throws -> Int {
        for steps in 1... {
            guard case .swept(let more) = await bench.ask(.sweep(.eraseContacts)) else { throw LedgerBench.Malformed() }
            if !more { return steps }
        }
        return 0
    }

    private func reservation(_ bench: LedgerBench, _ id: ReservationID) async throws -> Reservation {
        guard case .life(.reservation(let shown)) = await bench.ask(.life(.show(id))) else { throw LedgerBench.Malformed() }
        return shown.reservation
    }

    private func areErased(_ bench: LedgerBench, _ ids: [ReservationID]) async throws -> [Bool] {
        var found: [Bool] = []
        for id in ids { found.append(try await reservation(bench, id).isErased) }
        return found
    }

    private func history(_ bench: LedgerBench, _ action: HistoryAction) async throws -> [HistoryNote] {
        guard case .life(.history(let page)) = await bench.ask(.life(.history(HistoryOrder(query: HistoryQuery(limit: 500)))))
        else { throw LedgerBench.Malformed() }
        return page.entries.map(\.note).filter { $0.action == action }
    }

    @Test("past and cancelled reservations lose their contact, one to come is left and counted, unless it is to go too")
    func whatGoes() async throws {
        let bench = try LedgerBench(now: "2026-06-01 09:00")
        defer { bench.remove() }
        let orq = try await bench.addOrganization()
        let (past, later) = (try await bench.addSlot(orq, "2026-06-02 10:00", capacity: 9), try await bench.addSlot(orq, capacity: 9))
        let tickets = try await bench.addTickets(orq, 4)
        var made: [ReservationID] = []
        for (ticket, slot) in zip(tickets, [past, later, later]) {
            made.append(try require(try await bench.ask(bench.booking(ticket, slot)).created).id)
        }
        let other = try require(try await bench.ask(bench.booking(tickets[3], past, email: "jane@example.com")).created).id
        _ = await bench.ask(.life(.cancel(.id(made[1]), Occasion(reason: "by JOHN@example.com"))))
        // It ends at 23:59.
        try bench.set(now: "2026-06-02 23:58")
        #expect(try await erase(bench, "john@example.com", Erasure(isDryRun: true)) == ErasureReport(reservations: 1, upcoming: 2))
        try bench.set(now: "2026-06-02 23:59")
        #expect(try await erase(bench, "john@example.com", Erasure(isDryRun: true)) == ErasureReport(reservations: 2, upcoming: 1))
        #expect(try await reservation(bench, made[0]).email.text == "john@example.com")
        let report = try await erase(bench, "John@Example.com")
        #expect(report.reservations == 2 && report.upcoming == 1 && report.tickets == 0)
        #expect(try await areErased(bench, made + [other]) == [true, true, false, false])
        #expect(try await history(bench, .cancelled).map(\.reason) == ["(erased)"])
        #expect(try await erase(bench) == ErasureReport(upcoming: 1))
        #expect(try await erase(bench, "john@example.com", Erasure(includesUpcoming: true)).reservations == 1)
        #expect(try await areErased(bench, [made[2]]) == [true])
        #expect(await bench.slot(later)?.bookedCount == 1)
        let notes = try await history(bench, .personalDataErased)
        #expect(notes.count == 2 && notes.allSatisfy { $0.organization == orq && $0.ticket == nil })
        #expect(notes.first?.detail?.hasPrefix("reservations: 2,") == true)
        #expect(!notes.contains { $0.detail?.contains("example.com") == true })
        #expect(await bench.isSound())
    }

    @Test("nobody is written to any more: what waits is taken back, nothing is queued, and a late report leaves no name")
    func messages() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let orq = try await bench.addOrganization()
        let (slot, other) = (try await bench.addSlot(orq), try await bench.addSlot(orq, "2026-06-11 12:00"))
        let tickets = try await bench.addTickets(orq, 2)
        let id = try require(try await bench.ask(bench.booking(tickets[0], slot, key: 7)).created).id
        _ = try await bench.ask(bench.booking(tickets[1], slot, email: "jane@example.com"))
        let lease = OutboxCommand.lease(LeaseOrder(limit: 1, leaseMilliseconds: 60_000, waitMilliseconds: 0))
        guard case .outbox(.leased(let leased)) = await bench.ask(.outbox(lease)), let entry = leased.first?.entry else {
            throw LedgerBench.Malformed()
        }
        #expect(try await erase(bench, "john@example.com", Erasure(includesUpcoming: true)).emptied > 0)
        #expect(await bench.ask(.outbox(.resend(id))).refusal == .contactErased)
        #expect(await bench.ask(.outbox(.requeue(entry.id))).refusal == .contactErased)
        let report = OutboxRules.Report.sent(providerID: "john@example.com/1")
        guard case .outbox(.reported(let reported)) = await bench.ask(.outbox(.report(entry.id, lease: entry.lease, report))) else {
            throw LedgerBench.Malformed()
        }
        #expect(reported.state == .sent && reported.providerID == nil)
        guard case .life(.moved) = await bench.ask(.life(.move(.id(id), to: other, Occasion(), key: nil))),
            case .life(.cancelled) = await bench.ask(.life(.cancel(.id(id), Occasion()))),
            case .outbox(.page(let page)) = await bench.ask(.outbox(.list(OutboxQuery(limit: 10))))
        else { throw LedgerBench.Malformed() }
        #expect(page.entries.filter { $0.reservation.id == id }.map(\.state) == [.sent])
        #expect(page.entries.filter { $0.reservation.id != id }.map(\.state) == [.queued])
        // Asked for again under its key, the booking is answered as it was.
        guard case .replayed = try await bench.ask(bench.booking(tickets[0], slot, key: 7)) else { throw LedgerBench.Malformed() }
        #expect(await bench.isSound())
    }

    @Test("an erasure is not said to be done while the log cannot be emptied; asked for its last page again it is")
    func logThatCannotBeEmptied() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let orq = try await bench.addOrganization()
        let slot = try await bench.addSlot(orq)
        let made = try require(try await bench.ask(bench.booking(try await bench.addTickets(orq, 1)[0], slot)).created).id
        bench.plan.failEmptyingLog(with: .unavailable("disk full"))
        let pages: [PersonalDataOrder.Position] = [.reservations(behind: nil), .tickets(behind: nil), .messages(behind: nil)]
        for position in pages {
            let page = Command.personalData(.erase(try order("john@example.com", position), Erasure(includesUpcoming: true)))
            guard case .personalData(.erased) = await bench.ask(page) else { throw LedgerBench.Malformed() }
        }
        let last = Command.personalData(.erase(try order("john@example.com", .history(behind: nil)), Erasure(includesUpcoming: true)))
        #expect(await bench.ask(last).fault == .logNotEmptied)
        #expect(try await areErased(bench, [made]) == [true])
        #expect(await bench.ask(last).fault == .logNotEmptied)
        bench.plan.failEmptyingLog(with: nil)
        guard case .personalData(.erased(let report)) = await bench.ask(last) else { throw LedgerBench.Malformed() }
        #expect(report == ErasureReport())
        #expect(await bench.isSound())
    }

    @Test("everything that is kept of somebody is given out, and nothing of others")
    func export() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let orq = try await bench.addOrganization()
        let slot = try await bench.addSlot(orq, capacity: 200)
        let tickets = try await bench.addTickets(orq, 120)
        var mine: [ReservationID] = []
        for (number, ticket) in tickets.enumerated() {
            let email = number % 2 == 0 ? "john@example.com" : "jane@example.com"
            let id = try require(try await bench.ask(bench.booking(ticket, slot, email: email)).created).id
            if number % 2 == 0 { mine.append(id) }
        }
        for id in mine.prefix(2) { _ = await bench.ask(.life(.cancel(.id(id), Occasion()))) }
        var (found, messages, pages): ([ReservationID], [OutboxEntry], Int) = ([], [], 0)
        var history: Set<HistoryEntry> = []
        var next: PersonalDataOrder.Position? = .reservations(behind: nil)
        while let position = next {
            guard case .personalData(.exported(let page)) = await bench.ask(.personalData(.export(try order("john@example.com", position))))
            else { throw LedgerBench.Malformed() }
            found += page.reservations.map(\.0.reservation.id)
            messages += page.messages
            history.formUnion(page.history)
            #expect(page.tickets.isEmpty)
            pages += 1
            next = page.next
        }
        #expect(found == mine && pages > 3)
        #expect(messages.count == mine.count + 2 && messages.allSatisfy { $0.reservation.email.text == "john@example.com" })
        #expect(history.map(\.note.action) == [.cancelled, .cancelled])
    }

    @Test("with a period contacts go once the visit is longer ago than that, in bites and by the system; without one they stay")
    func retention() async throws {
        let bench = try LedgerBench(now: "2026-06-01 09:00")
        defer { bench.remove() }
        let (orq, forever) = (try await bench.addOrganization(1), try await bench.addOrganization(2))
        let count = Limits.contactsErasedPerSweep + 3
        let (slot, young, other) = (
            try await bench.addSlot(orq, "2026-06-01 10:00", capacity: 500), try await bench.addSlot(orq, "2026-06-02 10:00"),
            try await bench.addSlot(forever, "2026-06-01 10:00")
        )
        var made: [ReservationID] = []
        for ticket in try await bench.addTickets(orq, count) {
            made.append(try require(try await bench.ask(bench.booking(ticket, slot)).created).id)
        }
        let youngOne = try require(try await bench.ask(bench.booking(try await bench.addTickets(orq)[0], young)).created).id
        let otherOne = try require(try await bench.ask(bench.booking(try await bench.addTickets(forever)[0], other)).created).id
        var change = OrganizationChange(id: orq)
        change.retentionDays = .set(7)
        _ = await bench.ask(.setOrganization(change))

        try bench.set(now: "2026-06-08 23:59")
        _ = try await sweep(bench)
        #expect(try await areErased(bench, [made[0]]) == [false])
        // More than seven days ago.
        try bench.set(now: "2026-06-09 00:00")
        #expect(try await sweep(bench) > 3)
        #expect(try await areErased(bench, made).allSatisfy(\.self))
        #expect(try await areErased(bench, [youngOne, otherOne]) == [false, false])
        let notes = try await history(bench, .personalDataErased)
        #expect(notes.count == 2 && notes.allSatisfy { $0.caller == .system && $0.organization == orq })
        // Nothing more to do before tomorrow.
        #expect(try await sweep(bench) == 1)
        #expect(await bench.slot(slot)?.bookedCount == count)
        #expect(await bench.isSound())
    }

    private func provider(_ bench: LedgerBench) async throws -> String? {
        guard case .outbox(.page(let page)) = await bench.ask(.outbox(.list(OutboxQuery(limit: 10)))) else { throw LedgerBench.Malformed() }
        return page.entries.first?.providerID
    }

    @Test("messages of contacts that went before a restart are emptied after it")
    func retentionAcrossRestart() async throws {
        let directory: String
        do {
            let bench = try LedgerBench(now: "2026-06-01 09:00")
            directory = bench.directory
            let orq = try await bench.addOrganization()
            let slot = try await bench.addSlot(orq, "2026-06-01 10:00")
            let made = try require(try await bench.ask(bench.booking(try await bench.addTickets(orq)[0], slot)).created).id
            let lease = OutboxCommand.lease(LeaseOrder(limit: 1, leaseMilliseconds: 60_000, waitMilliseconds: 0))
            guard case .outbox(.leased(let leased)) = await bench.ask(.outbox(lease)), let entry = leased.first?.entry else {
                throw LedgerBench.Malformed()
            }
            _ = await bench.ask(.outbox(.report(entry.id, lease: entry.lease, .sent(providerID: "john@example.com/1"))))
            var change = OrganizationChange(id: orq)
            change.retentionDays = .set(7)
            _ = await bench.ask(.setOrganization(change))
            try bench.set(now: "2026-06-20 12:00")
            _ = await bench.ask(.sweep(.eraseContacts))
            #expect(try await areErased(bench, [made]) == [true])
            #expect(try await provider(bench) == "john@example.com/1")
        }
        let bench = try await LedgerBench.reopened(directory)
        defer { bench.remove() }
        try bench.set(now: "2026-06-20 12:01")
        _ = try await sweep(bench)
        #expect(try await provider(bench) == nil)
        // Once, and not each day again.
        #expect(try await sweep(bench) == 1)
    }
}
