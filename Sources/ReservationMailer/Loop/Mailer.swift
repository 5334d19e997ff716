import Logging
import ReservationCore
import ReservationLog
import ReservationProcess
import ServiceLifecycle

/// The loop: leases what is due, sends it, and reports what became of it, until it is asked to stop.
///
/// A delivery is reported only after its outcome is known, and sent only under a lease that outlasts the sending. So none is lost whenever
/// this process dies, and one is sent twice only when it dies between a provider's yes and the daemon's.
package final class Mailer: Service {
    private let outbox: any Outbox
    private let channels: [Delivery.Kind: Channel]
    private let settings: MailerSettings
    let logger: Logger
    let clock: @Sendable () -> Instant
    /// For `systemctl status`.
    static let atWork = "Sending what is due"
    private let metrics: MailerMetrics
    /// How often a connection to the daemon was made.
    private let connections: @Sendable () -> Int
    private let places: Places
    private let turns: Turns

    /// - Parameters:
    ///   - sms: nil when notices are off; such deliveries then become dead letters, which an operator may queue again.
    ///   - connections: how often a connection to the daemon was made.
    ///   - clock: what time it is.
    package init(
        outbox: any Outbox, composer: ConfirmationComposer, email: any Transport, sms: (any NoticeTransport)?, settings: MailerSettings,
        logger: Logger, metrics: MailerMetrics = MailerMetrics(email: "directory"), connections: @escaping @Sendable () -> Int = { 0 },
        clock: @escaping @Sendable () -> Instant = WallClock.now
    ) {
        let gate = SendingGate(firstProbe: settings.probes.lowerBound, longestProbe: settings.probes.upperBound)
        var channels: [Delivery.Kind: Channel] = [.email: .email(email, composer, gate: gate)]
        if let sms { channels[.sms] = .sms(sms, gate: gate) }
        self.outbox = outbox
        self.channels = channels
        self.settings = settings
        self.logger = logger
        self.metrics = metrics
        self.connections = connections
        self.clock = clock
        places = Places(settings.places)
        turns = Turns(settings.connections)
    }

    /// Returns after a graceful shutdown, when everything that was being sent has been reported.
    package func run() async throws {
        // The daemon's absence is no reason to wait: it is tried until it is there.
        ServiceManager.ready(status: Self.atWork)
        await withDiscardingTaskGroup { group in
            var outage = Outage(settings.reconnect)
            // The reporter has told the first one by itself.
            var connection = max(1, connections())
            while !Task.isShuttingDownGracefully, !Task.isCancelled {
                do {
                    guard let deliveries = try await next() else { continue }
                    // A daemon keeps figures no longer than the connection by which they came.
                    if connections() != connection {
                        connection = connections()
                        metrics.noteReconnection()
                    }
                    for delivery in deliveries {
                        places.take(1)
                        let began = ContinuousClock.now
                        group.addTask {
                            await self.handle(delivery, leasedAt: began)
                            self.places.giveBack()
                        }
                    }
                    if outage.end() {
                        logger.record(.notice, .outboxAvailable)
                        ServiceManager.status(Self.atWork)
                    }
                } catch is CancellationError {
                    break
                } catch {
                    if outage.isNew {
                        logger.record(.warning, .outboxUnavailable, [.reason: "\(FailureReason("\(error)"))"])
                        ServiceManager.status("Waiting for the daemon, which does not answer")
                    }
                    await rest(outage.pause())
                }
            }
            logger.record(.info, .mailerStopping)
            ServiceManager.stopping(status: "Finishing what is being sent")
        }
        logger.record(.info, .mailerStopped)
    }

    /// What is due next; nil when nothing could be sent and the daemon was not asked.
    private func next() async throws -> [Delivery]? {
        let closed = channels.values.map(\.wait)
        if closed.allSatisfy({ $0 != nil }), let pause = closed.compactMap(\.self).min() {
            await rest(pause)
            return nil
        }
        // Not for each place that gets free: leases in batches cost the daemon less, and half of the places keep every connection busy.
        let free = await places.free(atLeast: max(1, settings.places / 2))
        let limit = channels.values.allSatisfy(\.isProbeDue) ? 1 : free
        return try await cancelWhenGracefulShutdown { [outbox, settings] in
            try await outbox.lease(limit: limit, for: settings.lease, waiting: settings.patience)
        }
    }

    private func handle(_ delivery: Delivery, leasedAt: ContinuousClock.Instant) async {
        guard let channel = channels[delivery.kind] else {
            return await conclude(
                delivery, .refused(FailureReason("this mailer sends no \(delivery.kind.rawValue): it has no --sms")), took: .zero)
        }
        await turns.wait()
        defer { turns.end() }
        // Whatever waited too long for its turn goes back by itself when the lease ends.
        guard ContinuousClock.now - leasedAt + settings.sendingTime <= settings.lease else { return recordLate(delivery) }
        // After SIGTERM only what is being sent is finished.
        guard !Task.isShuttingDownGracefully else { return await giveBack(delivery, after: .zero, "the mailer is being stopped") }
        let began = ContinuousClock.now
        switch await channel.take(delivery) {
        case .closed(let pause): await giveBack(delivery, after: pause + jitter, "sending is paused")
        case .sent(let result, let change):
            let took = ContinuousClock.now - began
            metrics.record(result, of: delivery.kind, took: took)
            metrics.record(change, of: delivery.kind)
            record(change, delivery.kind)
            await conclude(delivery, result, took: took)
        }
    }

    private func conclude(_ delivery: Delivery, _ result: SendResult, took: Duration) async {
        switch result {
        case .accepted(let providerID):
            recordSent(delivery, providerID, took: took)
            await report(delivery) { try await self.outbox.done(delivery, providerID: providerID) }
        case .refused(let reason):
            recordDeadLetter(delivery, reason, .warning)
            await report(delivery) { try await self.outbox.deadLetter(delivery, reason: reason.text) }
        case .credentialsRefused(let reason):
            // Not this message's fault, so never its end.
            await giveBack(delivery, after: settings.probes.lowerBound + jitter, reason.text)
        case .retry(let asked, let reason):
            let decision = settings.retry.decision(
                attempt: delivery.attempt, firstQueuedAt: delivery.firstQueuedAt, now: clock(), asked: asked)
            switch decision {
            case .again(let pause):
                recordRetry(delivery, reason, after: pause)
                await giveBack(delivery, after: pause, reason.text)
            case .giveUp:
                recordDeadLetter(delivery, reason, .error)
                await report(delivery) { try await self.outbox.deadLetter(delivery, reason: reason.text) }
            }
        }
    }

    private func giveBack(_ delivery: Delivery, after pause: Duration, _ reason: String) async {
        await report(delivery) { try await self.outbox.retry(delivery, after: pause, reason: reason) }
    }

    /// Tells the daemon until it has heard: it may just be restarting, and a message that was sent must not be sent again for that.
    private func report(_ delivery: Delivery, _ tell: () async throws -> Void) async {
        var outage = Outage(settings.reconnect)
        while true {
            do {
                return try await tell()
            } catch OutboxError.unavailable {
                // On cancellation the time for a graceful end is over.
                guard !Task.isCancelled else { return recordReportLost(delivery, "the daemon did not answer until the end") }
                try? await Task.sleep(for: outage.pause())
            } catch {
                return recordReportLost(delivery, "\(error)")
            }
        }
    }

    /// Messages that wait for the same moment shall not come all at once.
    private var jitter: Duration { settings.retry.pause(attempt: 1) }

    /// Until the time is over or the mailer shall stop.
    private func rest(_ pause: Duration) async {
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
    }
}

/// A time during which the daemon does not answer: pauses that grow.
private struct Outage {
    private let pauses: ClosedRange<Duration>
    private var current: Duration

    init(_ pauses: ClosedRange<Duration>) {
        self.pauses = pauses
        current = .zero
    }

    var isNew: Bool { current == .zero }

    mutating func pause() -> Duration {
        current = current == .zero ? pauses.lowerBound : min(pauses.upperBound, current * 2)
        return current
    }

    /// - Returns: whether there was one.
    mutating func end() -> Bool {
        defer { current = .zero }
        return current != .zero
    }
}
