import ReservationCore
import Testing

@testable import ReservationStore

@Suite("The outbox")
struct OutboxTests {
    let folder: TemporaryFolder
    let store: SQLiteReservationStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteReservationStore(path: folder.database)
        try store.furnish(tickets: 20)
    }

    private func at(_ seconds: Int64) -> Instant { Instant(seconds: Samples.now.seconds + seconds) }

    private func entries() throws -> [OutboxEntry] { try store.outboxEntries(OutboxQuery(limit: 500), now: at(0)).entries }

    private func change(_ number: Int, now: Instant, _ rule: (OutboxEntry) -> OutboxEntry?) throws {
        let entry = try #require(try store.outboxEntry(OutboxID(Int64(number))!))
        let changed = try #require(rule(entry))
        try store.batch { try store.update(changed) }
    }

    private func lease(_ number: Int, now: Instant) throws {
        try change(number, now: now) { OutboxRules.leasing($0, milliseconds: 60_000, now: now) }
    }

    private func report(_ number: Int, _ report: OutboxRules.Report, now: Instant) throws {
        try change(number, now: now) { OutboxRules.reporting(report, under: $0.lease, on: $0, now: now) }
    }

    @Test("a booking queues one message in its language and under its name, which is read back as it was written")
    func queued() throws {
        let request = BookingRules.Request(
            organization: Samples.berlin.id, ticket: Samples.ticket(1).id, code: nil, slot: SlotID(1 as Int64)!,
            contact: Samples.contact, language: .french, name: RequestName("Request_1.of-64"))
        let id = try store.batch { try store.recordReservation(request, now: Samples.now) }
        let reservation = try #require(try store.liveReservation(of: Samples.ticket(1).id))
        #expect(reservation.language == .french && reservation.id == id)
        let entry = OutboxEntry(
            queued: OutboxID(1 as Int64)!, for: reservation, ticketCode: Samples.ticket(1).code,
            requestName: request.name, now: Samples.now)
        #expect(try entries() == [entry])
        let another = try store.batch { try store.queueConfirmation(of: id, now: at(1)) }
        #expect(another?.requestName == nil)
        try lease(1, now: at(5))
        try report(1, .retry(afterMilliseconds: 10_000, reason: "421 später"), now: at(6))
        let retried = try #require(try entries().first)
        #expect(retried.lastError == "421 später" && retried.dueAt == at(17) && retried.lease == 1 && retried.attempts == 1)
        try lease(1, now: at(20))
        try report(1, .sent(providerID: "id-1"), now: at(21))
        #expect(try store.outboxEntry(entry.id)?.providerID == "id-1")
    }

    @Test("with notices switched on a booking queues one beside the confirmation; without, what is queued already stays")
    func notices() throws {
        let folder = try TemporaryFolder()
        do {
            let store = try SQLiteReservationStore(path: folder.database, queuesNotices: true)
            try store.furnish(tickets: 2)
            _ = try store.book(ticket: 1)
            #expect(try store.outboxEntries(OutboxQuery(limit: 10), now: at(0)).entries.map(\.kind) == [.email, .sms])
        }
        let store = try SQLiteReservationStore(path: folder.database)
        _ = try store.book(ticket: 2)
        let due = try store.dueOutboxEntries(at: at(0), limit: 10)
        #expect(due.map(\.kind) == [.email, .sms, .email])
        #expect(due.map(\.reservation.ticket.rawValue) == [1, 1, 2])
    }

    @Test("what is due comes first that has been so longest; what is leased comes when its lease is over")
    func due() throws {
        for number in 1...4 as ClosedRange<Int64> { _ = try store.book(ticket: number) }
        #expect(try store.nextOutboxDue() == Samples.now)
        try lease(1, now: at(0))
        try lease(2, now: at(0))
        try report(2, .retry(afterMilliseconds: 5_000, reason: "x"), now: at(0))
        #expect(try store.dueOutboxEntries(at: at(0), limit: 10).map(\.id.rawValue) == [3, 4])
        #expect(try store.dueOutboxEntries(at: at(6), limit: 10).map(\.id.rawValue) == [3, 4, 2])
        #expect(try store.dueOutboxEntries(at: at(61), limit: 10).map(\.id.rawValue) == [3, 4, 2, 1])
        #expect(try store.dueOutboxEntries(at: at(61), limit: 2).map(\.id.rawValue) == [3, 4])
        for number in 1...4 {
            try lease(number, now: at(61))
            try report(number, .sent(providerID: nil), now: at(62))
        }
        #expect(try store.nextOutboxDue() == nil)
    }

    @Test("the numbers of messages are kept in every way that a message can go")
    func statistics() throws {
        for number in 1...6 as ClosedRange<Int64> { _ = try store.book(ticket: number) }
        for number in 1...4 { try lease(number, now: at(0)) }
        try report(1, .sent(providerID: nil), now: at(1))
        try report(2, .givenUp(reason: "550"), now: at(1))
        try change(3, now: at(1)) { OutboxRules.cancelling($0, now: self.at(1)) }
        #expect(try store.statistics().outbox == OutboxStatistics(pending: 3, sent: 1, failed: 1, oldest: Samples.now))
        try change(2, now: at(2)) { OutboxRules.requeueing($0, now: self.at(2)) }
        try change(3, now: at(2)) { OutboxRules.requeueing($0, now: self.at(2)) }
        #expect(try store.statistics().outbox == OutboxStatistics(pending: 5, sent: 1, failed: 0, oldest: Samples.now))
        #expect(try store.examine().filter { !$0.passed } == [])
    }

    @Test("the oldest message is found among those never tried and those tried again and again")
    func oldest() throws {
        for number in 1...3 as ClosedRange<Int64> { _ = try store.book(ticket: number) }
        try lease(1, now: at(0))
        try report(1, .retry(afterMilliseconds: 3_600_000, reason: "x"), now: at(1))
        for number in 2...3 {
            try lease(number, now: at(0))
            try report(number, .sent(providerID: nil), now: at(0))
        }
        _ = try store.batch { try store.recordReservation(Samples.request(ticket: 4), now: at(100)) }
        #expect(try store.statistics().outbox.oldest == Samples.now)
        try change(1, now: at(200)) { OutboxRules.cancelling($0, now: self.at(200)) }
        #expect(try store.statistics().outbox.oldest == at(100))
    }

    @Test("pages are in order of id, and filters look at a lease that is over as at none")
    func pages() throws {
        for number in 1...5 as ClosedRange<Int64> { _ = try store.book(ticket: number) }
        try lease(2, now: at(0))
        try lease(4, now: at(0))
        func page(_ state: OutboxState?, after: Int64? = nil, limit: Int = 10, now: Int64 = 0) throws -> OutboxPage {
            try store.outboxEntries(OutboxQuery(state: state, after: after.flatMap { OutboxID($0) }, limit: limit), now: at(now))
        }
        #expect(try page(nil, limit: 2).entries.map(\.id.rawValue) == [1, 2])
        #expect(try page(nil, limit: 2).next?.rawValue == 2)
        #expect(try page(nil, after: 2, limit: 3).entries.map(\.id.rawValue) == [3, 4, 5])
        #expect(try page(nil, after: 2, limit: 3).next == nil)
        #expect(try page(.leased).entries.map(\.id.rawValue) == [2, 4])
        #expect(try page(.leased, now: 100).entries == [])
        #expect(try page(.queued, now: 100).entries.map(\.id.rawValue) == [1, 2, 3, 4, 5])
        let other = OutboxQuery(organization: Samples.organization(2).id, limit: 10)
        #expect(try store.outboxEntries(other, now: at(0)) == OutboxPage(entries: []))
    }

    @Test("a page looks through a bounded number of entries, and says where the next begins")
    func boundedPages() throws {
        _ = try store.book(ticket: 1)
        try store.connection.execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
            INSERT INTO outbox (reservation_id, due_at, created_at, queued_at, updated_at) SELECT 1, 5, 5, 5, 5 FROM n
            """, to: "fill")
        var query = OutboxQuery(state: .failed, limit: 10)
        var pages = 0
        while true {
            let page = try store.outboxEntries(query, now: at(0))
            #expect(page.entries == [])
            pages += 1
            guard let next = page.next else { break }
            query.after = next
        }
        #expect(pages == 3)
    }

    @Test("another confirmation is a message of its own; none for a reservation that is cancelled or not there")
    func resend() throws {
        let id = try store.book(ticket: 1)
        let again = try store.batch { try store.queueConfirmation(of: id, now: at(9)) }
        #expect(again?.id.rawValue == 2 && again?.reservation.id == id && again?.createdAt == at(9))
        #expect(try store.batch { try store.queueConfirmation(of: ReservationID(99 as Int64)!, now: at(9)) } == nil)
        try store.connection.execute("UPDATE ticket_reservations SET status = 'CANCELLED'", to: "cancel")
        #expect(try store.batch { try store.queueConfirmation(of: id, now: at(9)) } == nil)
    }

    @Test("old messages are forgotten a few at a time, never one that waits or failed, and never the youngest")
    func forgetting() throws {
        for number in 1...6 as ClosedRange<Int64> { _ = try store.book(ticket: number) }
        for number in [1, 2, 4, 6] {
            try lease(number, now: at(0))
            try report(number, number == 2 ? .givenUp(reason: "550") : .sent(providerID: nil), now: at(1))
        }
        func forget(behind: Int64?, _ instant: Instant) throws -> Int64? {
            try store.batch {
                try store.removeOutboxEntries(behind: behind.flatMap { OutboxID($0) }, before: instant, limit: 3)?.rawValue
            }
        }
        #expect(try forget(behind: nil, at(0)) == nil)
        #expect(try forget(behind: nil, at(2)) == 3)
        #expect(try entries().map(\.id.rawValue) == [2, 3, 4, 5, 6])
        #expect(try forget(behind: 3, at(2)) == 6)
        #expect(try forget(behind: 6, at(2)) == nil)
        #expect(try entries().map(\.id.rawValue) == [2, 3, 5, 6])
        #expect(try store.statistics().outbox == OutboxStatistics(pending: 2, sent: 3, failed: 1, oldest: Samples.now))
        #expect(try store.examine().filter { !$0.passed } == [])
        _ = try store.book(ticket: 7)
        #expect(try entries().last?.id.rawValue == 7)
    }
}
