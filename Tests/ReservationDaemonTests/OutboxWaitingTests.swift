import Foundation
import NIOCore
import ReservationCore
import ReservationStore
import Synchronization
import Testing

@testable import ReservationDaemon

@Suite("Mailers that wait for something to be due")
struct OutboxWaitingTests {
    /// A ledger that comes round when the test says so, with clocks that stand until the test moves them.
    final class Bench {
        let ledger: Ledger
        let plan = FaultPlan()
        let executor = TurnExecutor()
        private let times = Times()
        private let directory: String
        let organization: OrganizationID
        private(set) var slot: SlotID?

        final class Times: Sendable {
            let now = Mutex(Instant(seconds: 1_780_000_000))
            let uptime = Mutex(NIODeadline.uptimeNanoseconds(1_000_000_000_000))
        }

        init(waiterLimit: Int = 10) throws {
            directory = FileManager.default.temporaryDirectory.appending(path: "waiting-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            var settings = LedgerSettings()
            let times = times
            settings.clock = { times.now.withLock { $0 } }
            settings.uptime = { times.uptime.withLock { $0 } }
            settings.waiterLimit = waiterLimit
            organization = try require(OrganizationID(1 as Int64))
            ledger = try Ledger(
                store: FaultyStorage(try SQLiteReservationStore(path: directory + "/r.sqlite"), plan: plan), zones: TimeZoneDatabase(),
                settings: settings, executor: executor)
            ask(
                .addOrganization(
                    OrganizationDraft(id: organization, name: "Venue", timeZone: "Europe/Berlin", allowsStarted: false)), from: Mailer())
            let draft = SlotDraft(
                organization: organization, date: try require(CalendarDate("2026-07-01")),
                startTime: try require(TimeOfDay(hour: 9, minute: 0)),
                endTime: try require(TimeOfDay(hour: 10, minute: 0)), totalCapacity: 100)
            let caller = Mailer()
            ask(.createSlot(draft), from: caller)
            guard case .slots(let slots, _)? = caller.answers.first?.1 else { throw LedgerBench.Malformed() }
            slot = slots.first?.id
        }

        deinit { try? FileManager.default.removeItem(atPath: directory) }

        func ask(_ command: Command, from mailer: Mailer, id: UInt64 = 1) {
            let submission = Submission(
                requestID: id, opcode: .outboxLease, encoding: .tlv, command: command,
                deadline: times.uptime.withLock { $0 + .seconds(10) }, receivedAt: times.uptime.withLock { $0 })
            _ = ledger.submit([submission], for: mailer)
            executor.takeTurns()
        }

        func lease(_ mailer: Mailer, wait: Int64 = 30_000, milliseconds: Int64 = 60_000, limit: Int = 10, id: UInt64 = 1) {
            ask(
                .outbox(.lease(LeaseOrder(limit: limit, leaseMilliseconds: milliseconds, waitMilliseconds: wait))), from: mailer, id: id)
        }

        @discardableResult
        func book() throws -> Outcome? {
            let caller = Mailer()
            ask(.issue(TicketOrder(organization: organization, productID: 5, orderID: 6, status: .activated, count: 1)), from: caller)
            guard case .tickets(let tickets)? = caller.answers.first?.1 else { throw LedgerBench.Malformed() }
            let request = BookingRules.Request(
                organization: organization, ticket: tickets[0].ticket.id, code: nil, slot: try require(slot),
                contact: try Contact(email: "a@example.com", phone: "+12025551234"))
            let booker = Mailer()
            ask(.create(request, key: nil), from: booker)
            return booker.answers.first?.1
        }

        /// Both clocks go on; reminders of connections ring when they are due.
        func pass(seconds: Int64, _ mailers: Mailer...) {
            times.now.withLock { $0 = Instant(seconds: $0.seconds + seconds) }
            let now = times.uptime.withLock { uptime in
                uptime = uptime + .seconds(seconds)
                return uptime
            }
            for mailer in mailers { mailer.ring(at: now) }
            executor.takeTurns()
        }
    }

    /// A connection that remembers what it was told and of what it is to remind.
    final class Mailer: OutcomeSink {
        private let state = Mutex(State())
        private struct State {
            var answers: [(Submission, Outcome)] = []
            var reminders: [(NIODeadline, @Sendable () -> Void)] = []
        }

        func deliver(_ answered: [(Submission, Outcome)]) { state.withLock { $0.answers += answered } }
        func remind(at moment: NIODeadline, _ work: @escaping @Sendable () -> Void) {
            state.withLock { $0.reminders.append((moment, work)) }
        }

        func ring(at now: NIODeadline) {
            let due = state.withLock { state in
                let due = state.reminders.filter { $0.0 <= now }
                state.reminders.removeAll { $0.0 <= now }
                return due
            }
            for (_, work) in due { work() }
        }

        var answers: [(Submission, Outcome)] { state.withLock { $0.answers } }
        var reminderCount: Int { state.withLock { $0.reminders.count } }
        /// Ids of the messages of each answer, nil for what is no lease.
        var leases: [[Int64]?] {
            answers.map { _, outcome in
                guard case .outbox(.leased(let deliveries)) = outcome else { return nil }
                return deliveries.map(\.entry.id.rawValue)
            }
        }
    }

    @Test("who waits is answered when a booking commits, after the booking's caller, with what was booked")
    func booking() throws {
        let bench = try Bench()
        let mailer = Mailer()
        bench.lease(mailer)
        #expect(mailer.leases == [])
        #expect(try bench.book()?.created != nil)
        #expect(mailer.leases == [[1]])
    }

    @Test("who has no patience is answered at once")
    func noWait() throws {
        let bench = try Bench()
        let mailer = Mailer()
        bench.lease(mailer, wait: 0)
        #expect(mailer.leases == [[]])
    }

    @Test("patience ends with an empty answer, whatever the request's deadline was")
    func patience() throws {
        let bench = try Bench()
        let mailer = Mailer()
        bench.lease(mailer, wait: 30_000)
        bench.pass(seconds: 29, mailer)
        #expect(mailer.leases == [])
        bench.pass(seconds: 1, mailer)
        #expect(mailer.leases == [[]])
    }

    @Test("a retry and a lease that is over wake who waits, by one reminder")
    func becomingDue() throws {
        let bench = try Bench()
        let (first, second) = (Mailer(), Mailer())
        try bench.book()
        bench.lease(first, wait: 0, milliseconds: 5_000)
        #expect(first.leases == [[1]])
        bench.lease(second, wait: 60_000)
        #expect(second.reminderCount == 1)
        bench.pass(seconds: 5, second)
        #expect(second.leases == [])
        bench.pass(seconds: 1, second)
        #expect(second.leases == [[1]])
        guard case .outbox(.leased(let deliveries))? = second.answers.first?.1 else { throw LedgerBench.Malformed() }
        #expect(deliveries[0].entry.lease == 2 && deliveries[0].entry.attempts == 2)
    }

    @Test("of two that wait the first gets what is booked, and the second what comes next")
    func order() throws {
        let bench = try Bench()
        let (first, second) = (Mailer(), Mailer())
        bench.lease(first)
        bench.lease(second)
        try bench.book()
        #expect(first.leases == [[1]] && second.leases == [])
        try bench.book()
        #expect(first.leases == [[1]] && second.leases == [[2]])
    }

    @Test("a booking whose group fails wakes nobody; the lease itself is never handed out uncommitted")
    func failedGroups() throws {
        let bench = try Bench()
        let mailer = Mailer()
        bench.lease(mailer)
        bench.plan.failCommits([.unavailable("disk full")])
        // The ticket's commit is the one that fails.
        #expect(throws: LedgerBench.Malformed.self) { try bench.book() }
        #expect(mailer.leases == [])
        try bench.book()
        #expect(mailer.leases == [[1]])
        try bench.book()
        bench.plan.failCommits([.unavailable("disk full")])
        bench.lease(mailer)
        #expect(mailer.answers.last?.1.fault == .unavailable)
        bench.lease(mailer)
        #expect(mailer.leases.last == [2])
    }

    @Test("a connection that has gone gets nothing any more, and what it waited for goes to the next")
    func gone() throws {
        let bench = try Bench()
        let (dead, alive) = (Mailer(), Mailer())
        bench.lease(dead)
        bench.lease(alive)
        bench.ledger.endWaiting(of: dead)
        bench.executor.takeTurns()
        #expect(dead.leases == [[]])
        try bench.book()
        #expect(dead.leases == [[]] && alive.leases == [[1]])
    }

    @Test("what a connection that has gone asked, and was not begun, is not carried out")
    func goneInTheQueue() throws {
        let bench = try Bench()
        try bench.book()
        let dead = Mailer()
        let order = LeaseOrder(limit: 1, leaseMilliseconds: 60_000, waitMilliseconds: 0)
        let submission = Submission(
            requestID: 1, opcode: .outboxLease, encoding: .tlv, command: .outbox(.lease(order)), deadline: .distantFuture,
            receivedAt: .now())
        _ = bench.ledger.submit([submission], for: dead)
        bench.ledger.endWaiting(of: dead)
        bench.executor.takeTurns()
        #expect(dead.answers.first?.1.fault == .cancelled)
        let alive = Mailer()
        bench.lease(alive, wait: 0)
        #expect(alive.leases == [[1]])
    }

    @Test("CANCEL ends one wait alone")
    func cancel() throws {
        let bench = try Bench()
        let mailer = Mailer()
        bench.lease(mailer, id: 1)
        bench.lease(mailer, id: 2)
        bench.ledger.cancel(1, of: mailer)
        bench.executor.takeTurns()
        #expect(mailer.answers.map(\.0.requestID) == [1])
        #expect(mailer.answers.first?.1.fault == .cancelled)
        try bench.book()
        #expect(mailer.answers.map(\.0.requestID) == [1, 2])
    }

    @Test("a daemon that is to stop answers all who wait, and lets nobody wait")
    func stopping() throws {
        let bench = try Bench()
        let (one, other) = (Mailer(), Mailer())
        bench.lease(one)
        bench.ledger.endWaiting()
        bench.executor.takeTurns()
        #expect(one.leases == [[]])
        bench.lease(other)
        #expect(other.leases == [[]])
    }

    @Test("more than may wait hear OVERLOADED")
    func tooMany() throws {
        let bench = try Bench(waiterLimit: 2)
        let mailers = (0..<3).map { _ in Mailer() }
        for mailer in mailers { bench.lease(mailer) }
        #expect(mailers.map { $0.answers.count } == [0, 0, 1])
        #expect(mailers[2].answers[0].1.fault == .overloaded)
    }

    @Test("an idle wait costs one reminder and no group until it ends")
    func idle() throws {
        let bench = try Bench()
        let (mailer, operators) = (Mailer(), Mailer())
        bench.lease(mailer, wait: 60_000)
        func batches() throws -> UInt64 {
            bench.ask(.status, from: operators)
            guard case .status(let status)? = operators.answers.last?.1 else { throw LedgerBench.Malformed() }
            return status.batches
        }
        let before = try batches()
        for _ in 0..<59 { bench.pass(seconds: 1, mailer) }
        #expect(try batches() == before + 1)
        #expect(mailer.reminderCount == 1)
        #expect(mailer.leases == [])
    }
}
