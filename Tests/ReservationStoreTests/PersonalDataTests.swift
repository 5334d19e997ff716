import Foundation
import ReservationCore
import SeededRandom
import StorageFaults
import Testing

@testable import ReservationStore

@Suite("Personal data in the store")
struct PersonalDataTests {
    let folder: TemporaryFolder
    let store: SQLiteReservationStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteReservationStore(path: folder.database)
    }

    private static let ana = "ana.somebody@example.com"

    private func book(_ ticket: Int64, _ email: String = ana, phone: String = "+491701234567") throws -> Reservation {
        var request = Samples.request(ticket: ticket)
        request = BookingRules.Request(
            organization: request.organization, ticket: request.ticket, code: nil, slot: request.slot,
            contact: try Contact(email: email, phone: phone), name: RequestName("web-\(ticket)"))
        let id = try store.batch {
            let id = try store.recordReservation(request, now: Samples.now)
            try store.update(BookingRules.booking(try #require(try store.allSlots().first), now: Samples.now))
            return id
        }
        return try #require(try store.reservation(id))
    }

    private func note(_ reason: String, ticket: Int64? = nil) -> HistoryNote {
        HistoryNote(
            at: Samples.now, action: .moved, caller: Caller(role: .admin, uid: 0), organization: Samples.berlin.id,
            ticket: ticket.flatMap { TicketID($0) }, reason: reason)
    }

    private func reasons() throws -> [String?] { try store.history(HistoryQuery(limit: 100)).entries.map(\.note.reason) }

    @Test("placeholders are of valid form, stand for nobody, and cannot be booked with")
    func placeholders() throws {
        #expect(EmailAddress(EmailAddress.erased.text) == .erased)
        #expect(PhoneNumber(PhoneNumber.erased.text) == .erased)
        #expect(!PersonalSubject.anybody.isNamed(email: EmailAddress.erased.text, phone: PhoneNumber.erased.text))
        #expect(throws: ContactRefusal.self) { try Contact(email: "erased@ERASED.invalid", phone: "+12025551234") }
    }

    @Test("capital letters do not matter in an address, and a part of one is another's")
    func sameAddress() throws {
        let person = PersonalSubject.email(try #require(EmailAddress("Ana.Somebody@example.com")))
        #expect(person.isNamed(email: Self.ana, phone: ""))
        #expect(!person.isNamed(email: "x\(Self.ana)", phone: ""))
        #expect(!person.isNamed(email: "ana.somebody@example.org", phone: ""))
        #expect(PersonalSubject.phone(try #require(PhoneNumber("+491701234567"))).isNamed(email: "", phone: "+491701234567"))
    }

    @Test("a page finds a person's reservations, and looks at no more rows than it may")
    func page() throws {
        try store.furnish(tickets: 4)
        let mine = [try book(1), try book(2, "other@example.com"), try book(3)]
        let person = PersonalSubject.email(try #require(EmailAddress(Self.ana.uppercased())))
        let first = try store.reservations(ReservationQuery(person: person, limit: 10, examined: 2))
        #expect(first.reservations.map(\.reservation) == [mine[0]] && first.next == mine[1].id && first.examined == 2)
        let second = try store.reservations(ReservationQuery(person: person, after: first.next, limit: 10, examined: 2))
        #expect(second.reservations.map(\.reservation) == [mine[2]] && second.next == nil)
        let tickets = try store.tickets(of: person, behind: nil, examined: 3)
        #expect(tickets.tickets.map(\.ticket.id.rawValue) == [1, 3] && tickets.next?.rawValue == 3)
        #expect(tickets.tickets.first?.email == Self.ana && tickets.tickets.first?.phone == "+491701234567")
        #expect(try store.tickets(of: person, behind: tickets.next, examined: 3) == PersonsTicketPage(tickets: []))
        let sent = try store.outboxEntries(OutboxQuery(person: person, limit: 10), now: Samples.now)
        #expect(sent.entries.map(\.reservation.id) == [mine[0].id, mine[2].id])
    }

    @Test("a contact goes from reservation and ticket, and the count of places stays")
    func contact() throws {
        try store.furnish(tickets: 3)
        let (ana, other) = (try book(1), try book(2, "other@example.com"))
        try store.batch { try store.eraseContact(of: ana) }
        #expect(try store.reservation(ana.id) == ana.erased && store.reservation(ana.id)?.isErased == true)
        #expect(try store.reservation(other.id) == other)
        let rest = try column("SELECT customer_email FROM tickets WHERE customer_email IS NOT NULL", on: store.connection)
        #expect(rest == ["other@example.com"])
        #expect(try store.allSlots().first?.bookedCount == 2)
        #expect(try store.counterMismatches() == [])
    }

    @Test("who reserved a cancelled ticket again keeps the contact on it")
    func again() throws {
        try store.furnish(tickets: 1)
        let ana = try book(1)
        try store.batch { try store.recordCancellation(LifeRules.cancelling(ana), now: Samples.later) }
        let other = try book(1, "other@example.com")
        try store.batch { try store.eraseContact(of: try #require(try store.reservation(ana.id))) }
        #expect(try store.reservation(other.id) == other)
        let onTicket = try column("SELECT customer_email FROM tickets", on: store.connection)
        #expect(onTicket == ["other@example.com"])
    }

    @Test("reasons that name the person are emptied, those of others stay, and nothing else of the history changes")
    func words() throws {
        try store.batch {
            for note in [
                note("asked by ANA.somebody@example.com", ticket: 1), note("rain", ticket: 1), note("called \(Self.ana)", ticket: 2),
            ] {
                try store.insert(note)
            }
        }
        let before = try store.history(HistoryQuery(limit: 9)).entries
        let ticket = try #require(TicketID(1 as Int64))
        #expect(try store.batch { try store.eraseReasons(of: ticket, holding: [Self.ana, "+491701234567"]) } == 1)
        #expect(try reasons() == ["(erased)", "rain", "called \(Self.ana)"])
        let first = try store.batch { try store.eraseReasons(holding: Self.ana, behind: nil, examined: 2) }
        #expect(first == Emptied(count: 0, next: before[1].id))
        let second = try store.batch { try store.eraseReasons(holding: Self.ana, behind: first.next, examined: 2) }
        #expect(second == Emptied(count: 1, next: nil))
        #expect(try reasons() == ["(erased)", "rain", "(erased)"])
        let after = try store.history(HistoryQuery(limit: 9)).entries
        #expect(after.map(\.id) == before.map(\.id) && after.map(\.note.ticket) == before.map(\.note.ticket))
    }

    @Test(
        "the history suffers no other change, not even together with that one",
        arguments: [
            "UPDATE history SET reason = 'other'", "UPDATE history SET reason = NULL", "UPDATE history SET reason = '(erased)', at = 1",
            "UPDATE history SET reason = '(erased)', detail = 'x'", "UPDATE history SET reason = '(erased)', operator = 3",
            "UPDATE history SET reason = '(erased)', by_system = 1", "UPDATE history SET action = 'NOTHING'", "DELETE FROM history",
        ])
    func tampering(sql: String) throws {
        try store.batch { try store.insert(note("because")) }
        #expect(throws: StorageFailure.self) { try store.connection.execute(sql, to: "tamper") }
        #expect(try reasons() == ["because"])
    }

    @Test("messages to who was erased are taken back and emptied; others, and the counts of what was sent, stay")
    func messages() throws {
        try store.furnish(tickets: 3)
        let (ana, other) = (try book(1), try book(2, "other@example.com"))
        let entries = try store.outboxEntries(OutboxQuery(limit: 10), now: Samples.now).entries
        try store.batch {
            for entry in entries {
                var failed = entry
                (failed.state, failed.dueAt) = (.failed, nil)
                failed.lastError = "550 no such user \(entry.reservation.email)"
                try store.update(failed)
            }
            try store.queueMessage(.change, of: ana.id, now: Samples.now)
        }
        try store.batch { try store.eraseContact(of: ana) }
        let first = try store.batch { try store.emptyOutbox(behind: nil, examined: 2, now: Samples.later) }
        #expect(first.count == 1 && first.next == entries[1].id)
        let second = try store.batch { try store.emptyOutbox(behind: first.next, examined: 2, now: Samples.later) }
        #expect(second.count == 1 && second.next == nil)
        #expect(try store.batch { try store.emptyOutbox(behind: nil, examined: 9, now: Samples.later) }.count == 0)
        let left = try store.outboxEntries(OutboxQuery(limit: 10), now: Samples.later).entries
        #expect(left.map(\.state) == [.cancelled, .failed, .cancelled])
        #expect(left.map(\.lastError) == [nil, "550 no such user other@example.com", nil])
        #expect(left.map(\.requestName?.text) == [nil, "web-2", nil])
        #expect(left[1].reservation == other)
        #expect(try store.nextOutboxDue() == nil)
        #expect(try store.statistics().outbox.failed == 1)
        #expect(try store.examine().filter { !$0.passed } == [])
    }

    @Test("no byte of an address is left in the database or its log, wherever rows had moved to meanwhile")
    func bytes() throws {
        // Scattered ids, so that rows are written everywhere, and pages are split and their rows moved while they grow. Other ones each
        // time: of about 4 of 10,000 erased rows SQLite by itself leaves a copy in the unused middle of a page.
        let seed = UInt64.random(in: 0...UInt64(UInt32.max))
        let count: Int64 = 1_000
        var random = SeededGenerator(seed: seed)
        let ids = (0..<count).map { _ in TicketID.random(using: &random).rawValue }
        try store.batch {
            _ = try store.insert(Samples.berlin)
            _ = try store.insertSlot(Samples.draft(capacity: 10_000), now: Samples.now)
            for (number, id) in ids.enumerated() {
                let sample = Samples.ticket(1)
                _ = try store.insert(
                    Ticket(
                        id: try #require(TicketID(id)), code: Samples.code(number), organization: sample.organization, productID: 5,
                        orderID: 456, status: .activated, createdAt: Samples.now, updatedAt: Samples.now))
            }
        }
        var victims: [Reservation] = []
        let order = ids.shuffled(using: &random)
        for (number, id) in order.dropLast(200).enumerated() {
            let isVictim = number.isMultiple(of: 9)
            let made = try book(
                id, "guest\(number)\(isVictim ? "victim" : "")@example.com", phone: isVictim ? "+4917077777777" : "+4930123456")
            if isVictim { victims.append(made) }
            if number.isMultiple(of: 100) { store.checkpoint(ifLogExceeds: 0) }
        }
        try store.batch { try store.insert(note("victim@example.com and more", ticket: ids[0])) }
        #expect(try contents().contains("victim@example.com"))
        for victim in victims { try store.batch { try store.eraseContact(of: victim) } }
        try store.batch {
            _ = try store.eraseReasons(of: try #require(TicketID(ids[0])), holding: ["victim@example.com"])
            _ = try store.emptyOutbox(behind: nil, examined: 2_000, now: Samples.now)
        }
        try store.emptyLog()
        let left = try contents()
        #expect(!left.contains("victim@example.com") && !left.contains("+4917077777777"), "seed \(seed)")
        // The search finds what is there.
        #expect(left.contains("guest1@example.com") && left.contains("+4930123456"))
        #expect(folder.size("reservations.sqlite-wal") == 0)
        // Nor does a page that was in memory bring one back.
        for id in order.suffix(200) { _ = try book(id, "late@example.com") }
        let later = try contents()
        #expect(!later.contains("victim@example.com") && !later.contains("+4917077777777"), "seed \(seed)")
        #expect(try store.examine().filter { !$0.passed } == [])
    }

    /// Of database and log together, as they lie on the disk.
    private func contents() throws -> String {
        // Of an empty file Foundation never lets its buffer go.
        try folder.contents.filter { folder.size($0) > 0 }.map { name in
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)")), as: Unicode.ASCII.self)
        }.joined()
    }

    @Test("an organization's period is kept, and taken away")
    func retention() throws {
        try store.furnish()
        var organization = Samples.berlin
        for days in [90, nil] {
            organization.retentionDays = days
            try store.batch { try store.update(organization) }
            #expect(try store.loadOrganizations() == [organization])
        }
    }
}
