import ReservationCore
import Testing

@Suite("What becomes of a message in the outbox")
struct OutboxRulesTests {
    private let now = Instant(seconds: 1_000)
    private let later = Instant(seconds: 2_000)

    private func queued() throws -> OutboxEntry {
        let reservation = Reservation(
            id: try #require(ReservationID(1 as Int64)), ticket: try #require(TicketID(2 as Int64)), slot: try #require(SlotID(3 as Int64)),
            organization: try #require(OrganizationID(1 as Int64)), email: try #require(EmailAddress("a@example.com")),
            phone: try #require(PhoneNumber("+12025551234")), status: .reserved, reservedAt: now, language: .german)
        return OutboxEntry(
            queued: try #require(OutboxID(7 as Int64)), for: reservation, ticketCode: try #require(TicketCode("TKT-2026-ABC123-DEF456")),
            now: now)
    }

    private func leased() throws -> OutboxEntry { OutboxRules.leasing(try queued(), milliseconds: 60_000, now: now) }

    private func report(_ report: OutboxRules.Report, on entry: OutboxEntry, under lease: Int64? = nil) -> OutboxEntry? {
        OutboxRules.reporting(report, under: lease ?? entry.lease, on: entry, now: later)
    }

    @Test("a lease is never over early, though the clock shows whole seconds", arguments: [1_000, 1_001, 59_999, 60_000] as [Int64])
    func leaseTime(milliseconds: Int64) throws {
        let entry = OutboxRules.leasing(try queued(), milliseconds: milliseconds, now: now)
        let until = try #require(entry.dueAt)
        // The second that the clock shows may be as good as over.
        #expect((until.seconds - now.seconds - 1) * 1000 >= milliseconds)
        #expect(OutboxRules.state(of: entry, now: Instant(seconds: until.seconds - 1)) == .leased)
        #expect(OutboxRules.state(of: entry, now: until) == .queued)
    }

    @Test("each lease has another number, and counts as an attempt")
    func numbers() throws {
        let first = try leased()
        let second = OutboxRules.leasing(first, milliseconds: 60_000, now: later)
        #expect((first.lease, first.attempts) == (1, 1))
        #expect((second.lease, second.attempts) == (2, 2))
        #expect(second.queuedAt == now && second.createdAt == now)
    }

    @Test("reports end an entry or make it due again")
    func reports() throws {
        let sent = try #require(report(.sent(providerID: "x"), on: try leased()))
        #expect(sent.state == .sent && sent.dueAt == nil && sent.providerID == "x" && sent.updatedAt == later)
        let retried = try #require(report(.retry(afterMilliseconds: 5_000, reason: "421"), on: try leased()))
        #expect(retried.state == .queued && retried.dueAt == Instant(seconds: 2_006) && retried.lastError == "421")
        let failed = try #require(report(.givenUp(reason: "550"), on: try leased()))
        #expect(failed.state == .failed && failed.dueAt == nil && failed.lastError == "550")
    }

    @Test("a report under another lease than the last, or under none, is refused")
    func otherLease() throws {
        let again = OutboxRules.leasing(try leased(), milliseconds: 60_000, now: later)
        for stale in [0, 1, 3] as [Int64] {
            #expect(report(.sent(providerID: nil), on: again, under: stale) == nil)
            #expect(report(.retry(afterMilliseconds: 0, reason: ""), on: again, under: stale) == nil)
            #expect(report(.givenUp(reason: ""), on: again, under: stale) == nil)
        }
        #expect(report(.sent(providerID: nil), on: try queued(), under: 0) == nil)
    }

    @Test("a lease that is over still counts as long as nobody else has one")
    func late() throws {
        let entry = try leased()
        #expect(OutboxRules.state(of: entry, now: later) == .queued)
        #expect(report(.sent(providerID: nil), on: entry)?.state == .sent)
    }

    @Test("a report that is repeated leaves the same entry")
    func repeated() throws {
        let sent = try #require(report(.sent(providerID: "x"), on: try leased()))
        #expect(report(.sent(providerID: "x"), on: sent) == sent)
        let failed = try #require(report(.givenUp(reason: "550"), on: try leased()))
        #expect(report(.givenUp(reason: "550"), on: failed) == failed)
        let retried = try #require(report(.retry(afterMilliseconds: 5_000, reason: "421"), on: try leased()))
        #expect(report(.retry(afterMilliseconds: 5_000, reason: "421"), on: retried) == retried)
    }

    @Test("what was sent was sent, also when it was cancelled or given up meanwhile; nothing else revives those")
    func sentAfterAll() throws {
        let cancelled = try #require(OutboxRules.cancelling(try leased(), now: later))
        #expect(cancelled.state == .cancelled && cancelled.dueAt == nil)
        #expect(report(.sent(providerID: "x"), on: cancelled)?.state == .sent)
        #expect(report(.retry(afterMilliseconds: 0, reason: ""), on: cancelled) == nil)
        #expect(report(.givenUp(reason: ""), on: cancelled) == nil)
        let failed = try #require(report(.givenUp(reason: "550"), on: try leased()))
        #expect(report(.retry(afterMilliseconds: 0, reason: ""), on: failed) == nil)
        #expect(report(.sent(providerID: "x"), on: failed)?.state == .sent)
    }

    @Test("an operator queues anew what has ended, hurries what waits, and leaves alone what is being tried")
    func requeueing() throws {
        let failed = try #require(report(.givenUp(reason: "550"), on: try leased()))
        let anew = try #require(OutboxRules.requeueing(failed, now: later))
        #expect(anew.state == .queued && anew.dueAt == later && anew.queuedAt == later && anew.attempts == 0 && anew.lastError == nil)
        // A report that comes late belongs to what was before.
        #expect(report(.givenUp(reason: "550"), on: anew, under: failed.lease) == nil)
        let waiting = try #require(report(.retry(afterMilliseconds: 3_600_000, reason: "421"), on: try leased()))
        let hurried = try #require(OutboxRules.requeueing(waiting, now: later))
        #expect(hurried.dueAt == later && hurried.attempts == 1 && hurried.queuedAt == now)
        let held = try leased()
        #expect(OutboxRules.requeueing(held, now: now) == held)
        #expect(OutboxRules.requeueing(try #require(report(.sent(providerID: nil), on: held)), now: later) == nil)
    }

    @Test("what was sent cannot be cancelled; cancelling twice is once")
    func cancelling() throws {
        let cancelled = try #require(OutboxRules.cancelling(try queued(), now: later))
        #expect(OutboxRules.cancelling(cancelled, now: Instant(seconds: 9_999)) == cancelled)
        #expect(OutboxRules.cancelling(try #require(report(.sent(providerID: nil), on: try leased())), now: later) == nil)
    }

    @Test("nothing is due before it was queued, should the clock be set back")
    func clockSetBack() throws {
        let early = Instant(seconds: 10)
        let retried = try #require(
            OutboxRules.reporting(.retry(afterMilliseconds: 0, reason: ""), under: 1, on: try leased(), now: early))
        #expect(retried.dueAt == early && retried.queuedAt == early)
    }
}
