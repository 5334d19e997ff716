import Logging
import ReservationCore
import ReservationLog
import ServiceLifecycle
import Synchronization
import Testing

@testable import ReservationMailer

@Suite("The mailer", .timeLimit(.minutes(2)))
struct MailerTests {
    private static func settings(_ change: (inout MailerSettings) -> Void = { _ in }) -> MailerSettings {
        var settings = MailerSettings(connections: 2, timeout: .seconds(1), lease: .seconds(5))
        settings.patience = .milliseconds(50)
        settings.retry = RetryPolicy(base: .milliseconds(2), longest: .milliseconds(4))
        settings.probes = .milliseconds(20) ... .milliseconds(40)
        settings.reconnect = .milliseconds(1) ... .milliseconds(5)
        change(&settings)
        return settings
    }

    /// Runs mailers until `condition` holds, stops them in good order and waits for their end.
    private func run(
        _ outbox: MemoryOutbox, _ transport: ScriptedTransport, sms: ScriptedTransport? = nil, mailers: Int = 1,
        settings: MailerSettings = settings(), log: LogCollector = LogCollector(), until condition: @escaping @Sendable () -> Bool
    ) async throws {
        let composer = ConfirmationComposer(sender: try #require(EmailAddress("tickets@portal.example")))
        let services = (0..<mailers).map { _ in
            Mailer(outbox: outbox, composer: composer, email: transport, sms: sms, settings: settings, logger: log.logger)
        }
        var configuration = ServiceGroupConfiguration(services: services, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        let group = ServiceGroup(configuration: configuration)
        async let ended: Void = group.run()
        while !condition() { try await Task.sleep(for: .milliseconds(1)) }
        await group.triggerGracefulShutdown()
        try await ended
    }

    private func rows(_ count: UInt64, kind: Delivery.Kind = .email) throws -> [Delivery] {
        let now = WallClock.now()
        return try (1...count).map { try SampleDelivery.make(outboxID: $0, kind: kind, firstQueuedAt: now, email: "jane\($0)@example.com") }
    }

    @Test("sends each once, no more at once than there are connections, and reports the provider's name for it")
    func sending() async throws {
        let outbox = MemoryOutbox(try rows(50))
        let transport = ScriptedTransport { _, _ in
            await Task.yield()
            return .accepted(providerID: "taken")
        }
        let log = LogCollector()
        try await run(outbox, transport, log: log) { outbox.sent == 50 }
        #expect(transport.sent.sorted() == Array(1...50))
        #expect(transport.mostAtOnce <= 2)
        #expect(outbox.status(7) == .sent("taken"))
        #expect(log.entries("email.confirmation.sent").count == 50)
        // In batches: a lease for each mail would cost the daemon more than the mail.
        #expect(outbox.leaseLimits.allSatisfy { $0 >= 4 })
    }

    @Test("what may go another time goes another time, until it has gone")
    func retrying() async throws {
        let outbox = MemoryOutbox(try rows(10))
        let transport = ScriptedTransport { _, times in
            times < 4 ? .retry(after: nil, FailureReason("450 later")) : .accepted(providerID: nil)
        }
        try await run(outbox, transport) { outbox.sent == 10 }
        #expect(transport.sent.count == 40)
        #expect(outbox.reasons(1) == ["450 later", "450 later", "450 later"])
    }

    @Test("one address that is refused does not hold the others up, and is not tried again")
    func refusing() async throws {
        let outbox = MemoryOutbox(try rows(20))
        let transport = ScriptedTransport { outboxID, _ in
            outboxID == 5 ? .refused(FailureReason("550 <jane5@example.com> unknown")) : .accepted(providerID: nil)
        }
        let log = LogCollector()
        try await run(outbox, transport, log: log) { outbox.sent == 19 && outbox.status(5) != .leased && outbox.status(5) != .queued }
        #expect(outbox.status(5) == .dead("550 <***@example.com> unknown"))
        #expect(transport.sent.count { $0 == 5 } == 1)
        let failed = try #require(log.entries("email.confirmation.failed").first)
        #expect(log.entries("email.confirmation.failed").count == 1)
        #expect(failed.metadata["result"] == "dead_letter" && failed.metadata["error"] == "550 <***@example.com> unknown")
        // One booking can be followed through all programs.
        for entry in log.entries("email.confirmation.sent") + [failed] {
            #expect(entry.metadata["request_id"] == "booking-7" && entry.metadata["reservation_id"] == "41")
        }
    }

    @Test("what is older than a day becomes a dead letter, as an error that an alert finds")
    func givingUp() async throws {
        let old = try SampleDelivery.make(outboxID: 1, firstQueuedAt: Instant(seconds: WallClock.now().seconds - 24 * 3600))
        let outbox = MemoryOutbox([old])
        let log = LogCollector()
        let transport = ScriptedTransport { _, _ in .retry(after: nil, FailureReason("450 later")) }
        try await run(outbox, transport, log: log) { outbox.status(1) == .dead("450 later") }
        #expect(transport.sent == [1])
        #expect(log.entries("email.confirmation.failed").map(\.level) == [.error])
    }

    @Test("refused credentials stop everything, are said once, and nothing is lost when they are good again")
    func credentials() async throws {
        let outbox = MemoryOutbox(try rows(30))
        let areGood = Atomic(false)
        let log = LogCollector()
        let transport = ScriptedTransport { _, _ in
            areGood.load(ordering: .relaxed)
                ? .accepted(providerID: nil) : .credentialsRefused(FailureReason("535 wrong", needsOperator: true))
        }
        try await run(outbox, transport, log: log) {
            // Some looks whether they are good again, then they are.
            if transport.sent.count >= 6 { areGood.store(true, ordering: .relaxed) }
            return outbox.sent == 30
        }
        #expect(log.entries("mailer.paused").count == 1)
        #expect(log.entries("mailer.paused").first?.level == .error)
        #expect(log.entries("mailer.resumed").count == 1)
        #expect(log.entries("email.confirmation.failed").isEmpty)
        // Those at once at the beginning, then one after the other.
        #expect(transport.sent.count <= 30 + 12)
        #expect(outbox.leaseLimits.dropFirst().prefix(3).allSatisfy { $0 == 1 })
    }

    @Test("a provider's wish for a pause holds all of its mail")
    func throttling() async throws {
        let outbox = MemoryOutbox(try rows(10))
        // Whichever has the first turn is asked to wait: those of one lease may overtake each other on the way to it.
        let times = Mutex<[ContinuousClock.Instant]>([])
        let transport = ScriptedTransport { _, _ in
            let isFirst = times.withLock { times in
                times.append(.now)
                return times.count == 1
            }
            return isFirst ? .retry(after: .milliseconds(300), FailureReason("429")) : .accepted(providerID: nil)
        }
        let log = LogCollector()
        try await run(outbox, transport, settings: Self.settings { $0.connections = 1 }, log: log) { outbox.sent == 10 }
        let sent = times.withLock(\.self)
        #expect(sent.count == 11)
        #expect(sent[1] - sent[0] >= .milliseconds(300))
        #expect(log.entries("mailer.throttled").count == 1)
    }

    @Test("the daemon may be restarted at any moment: what was sent is reported and not sent again")
    func outage() async throws {
        let outbox = MemoryOutbox(try rows(20))
        let transport = ScriptedTransport { outboxID, _ in
            if outboxID % 5 == 0 { outbox.goAway(calls: 6) }
            return .accepted(providerID: nil)
        }
        let log = LogCollector()
        try await run(outbox, transport, log: log) { outbox.sent == 20 }
        #expect(transport.sent.count == 20)
        #expect(log.entries("outbox.report.lost").isEmpty)
    }

    @Test("two mailers do not send the same")
    func two() async throws {
        let outbox = MemoryOutbox(try rows(100))
        let transport = ScriptedTransport()
        try await run(outbox, transport, mailers: 2) { outbox.sent == 100 }
        #expect(transport.sent.sorted() == Array(1...100))
    }

    @Test("a delivery whose lease would end while it is sent is not begun, and goes when it is lent again")
    func lateTurn() async throws {
        // Two at a time take 60 ms each; the sixth would begin at 120 ms, when 1.0 of 1.1 s of sending are no more within its lease.
        let settings = Self.settings {
            $0.sendingTime = .milliseconds(1000)
            $0.lease = .milliseconds(1100)
        }
        let outbox = MemoryOutbox(try rows(6))
        let transport = ScriptedTransport { _, _ in
            try? await Task.sleep(for: .milliseconds(60))
            return .accepted(providerID: nil)
        }
        let log = LogCollector()
        try await run(outbox, transport, settings: settings, log: log) { outbox.sent == 6 }
        #expect(transport.sent.sorted() == [1, 2, 3, 4, 5, 6])
        #expect((1...6).contains { outbox.attempts($0) == 2 })
    }

    @Test("asked to stop it finishes what is being sent and gives the rest back")
    func stopping() async throws {
        let outbox = MemoryOutbox(try rows(8))
        let transport = ScriptedTransport { _, _ in
            // However slow the machine is, both are being sent when the mailer is asked to stop.
            while !Task.isShuttingDownGracefully { try? await Task.sleep(for: .milliseconds(1)) }
            return .accepted(providerID: nil)
        }
        try await run(outbox, transport) { transport.sent.count == 2 }
        #expect(transport.sent.count == 2)
        #expect(outbox.sent == 2)
        #expect(outbox.queued == 6)
    }

    @Test("notices go by their own way; refused credentials there do not hold mail up")
    func notices() async throws {
        var deliveries = try rows(10)
        for outboxID in 11...15 as ClosedRange<UInt64> {
            deliveries.append(try SampleDelivery.make(outboxID: outboxID, kind: .sms, firstQueuedAt: WallClock.now()))
        }
        let outbox = MemoryOutbox(deliveries)
        let sms = ScriptedTransport { outboxID, times in
            outboxID == 11 && times == 1 ? .credentialsRefused(FailureReason("401")) : .accepted(providerID: "SM1")
        }
        try await run(outbox, ScriptedTransport(), sms: sms) { outbox.sent == 15 }
        #expect(outbox.status(15) == .sent("SM1"))
    }

    @Test("without --sms a notice becomes a dead letter that an operator can queue again")
    func noNotices() async throws {
        let outbox = MemoryOutbox(try rows(1, kind: .sms))
        try await run(outbox, ScriptedTransport()) {
            if case .dead = outbox.status(1) { true } else { false }
        }
    }

    @Test("nothing that is written down holds an address, a number or a code")
    func privacy() async throws {
        let outbox = MemoryOutbox(try rows(3) + [try SampleDelivery.make(outboxID: 4, kind: .sms, firstQueuedAt: WallClock.now())])
        let answer: @Sendable (UInt64, Int) async -> SendResult = { outboxID, times in
            let words = FailureReason("<jane\(outboxID)@example.com> +491701234567 TKT-2026-ABC123-DEF456")
            return times == 1 ? .retry(after: nil, words) : outboxID == 2 ? .refused(words) : .accepted(providerID: words.text)
        }
        let log = LogCollector()
        try await run(outbox, ScriptedTransport(answer), sms: ScriptedTransport(answer), log: log) {
            outbox.sent == 3 && outbox.status(2) != .queued && outbox.status(2) != .leased
        }
        let written = log.everything
        #expect(!written.isEmpty)
        #expect(
            !written.contains("jane1@") && !written.contains("jane2@") && !written.contains("491701234567") && !written.contains("ABC123"))
        #expect(written.contains("j***@example.com"))
    }
}

/// Keeps what is logged.
final class LogCollector: Sendable {
    struct Entry: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]
    }

    private let list = Mutex<[Entry]>([])

    var logger: Logger { Logger(label: "mailer") { _ in Handler(collector: self) } }

    func entries(_ message: String) -> [Entry] { list.withLock { $0.filter { $0.message == message } } }
    var everything: String { list.withLock { "\($0)" } }

    private struct Handler: LogHandler {
        let collector: LogCollector
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = LogFields.unfolded(event.metadata).mapValues { "\($0)" }
            collector.list.withLock { $0.append(Entry(level: event.level, message: "\(event.message)", metadata: fields)) }
        }
    }
}
