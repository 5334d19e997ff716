import CoreMetrics
import ReservationMetrics
import Synchronization

extension MetricFamily {
    static let deliveries = counter("reservation_mailer_deliveries_total", "Attempts to send, by what the provider said.")
    static let deliveryDuration = histogram("reservation_mailer_delivery_duration_seconds", "Time that an attempt took.")
    static let paused = gauge("reservation_mailer_paused", "Whether nothing is sent because the credentials or the sender are refused.")
}

/// What the mailer counts, and who is told when something has changed.
package final class MailerMetrics: Sendable {
    package let registry: MetricRegistry
    private let paused: Gauge
    /// Of each kind of message that may be sent.
    private let counters: [Delivery.Kind: TransportCounters]
    private let pausedKinds = Mutex<Set<Delivery.Kind>>([])
    private let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - email: the name of the way by which e-mails leave: `smtp`, `sendgrid` or `directory`.
    ///   - sms: the same of short messages, if there are any.
    package init(_ registry: MetricRegistry = MetricRegistry(), email: String, sms: String? = nil) {
        self.registry = registry
        paused = registry.gauge(.paused)
        var counters: [Delivery.Kind: TransportCounters] = [.email: TransportCounters(registry, transport: email)]
        if let sms { counters[.sms] = TransportCounters(registry, transport: sms) }
        self.counters = counters
        // However much changes while a report is on its way, one more follows.
        (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func record(_ result: SendResult, of kind: Delivery.Kind, took time: Duration) {
        guard let counters = counters[kind] else { return }
        counters.duration.recordNanoseconds(Int64(time / .nanoseconds(1)))
        switch result {
        case .accepted: counters.accepted.increment()
        case .retry: counters.retry.increment()
        case .refused: counters.refused.increment()
        case .credentialsRefused: counters.credentialsRefused.increment()
        }
        change.yield()
    }

    func record(_ gate: SendingGate.Change?, of kind: Delivery.Kind) {
        guard let gate else { return }
        let isAnyPaused = pausedKinds.withLock { kinds in
            switch gate {
            case .paused: kinds.insert(kind)
            case .resumed: kinds.remove(kind)
            case .resting: break
            }
            return !kinds.isEmpty
        }
        paused.record(isAnyPaused ? 1 : 0)
        change.yield()
    }

    /// The daemon may have forgotten what it was told.
    func noteReconnection() { change.yield() }

    /// Tells what there is now, and again when something has changed, but not more often than at that interval; returns when cancelled.
    /// While nothing changes nothing is done.
    ///
    /// - Parameter tell: one that fails is not repeated: with the connection everything comes anew.
    package func report(every interval: Duration = .seconds(10), _ tell: @Sendable (String) async -> Void) async {
        change.yield()
        for await _ in changes {
            await tell(registry.read().text)
            do {
                try await Task.sleep(for: interval)
            } catch {
                return
            }
        }
    }
}

/// Handles of one way by which messages leave.
private struct TransportCounters: Sendable {
    let accepted: Counter
    let retry: Counter
    let refused: Counter
    let credentialsRefused: Counter
    let duration: Timer

    init(_ registry: MetricRegistry, transport: String) {
        func counter(_ result: String) -> Counter { registry.counter(.deliveries, ("transport", transport), ("result", result)) }
        accepted = counter("accepted")
        retry = counter("retry")
        refused = counter("refused")
        credentialsRefused = counter("credentials_refused")
        duration = registry.timer(.deliveryDuration, ("transport", transport))
    }
}
