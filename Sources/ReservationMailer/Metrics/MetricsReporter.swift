import ReservationClient
import ReservationMetrics
import ReservationWire
import ServiceLifecycle

/// Reports the mailer's figures to the daemon, whose `metrics.read` hands them on.
package struct MetricsReporter: Service {
    private let metrics: MailerMetrics
    private let client: ReservationClient

    package init(_ metrics: MailerMetrics, _ client: ReservationClient) {
        self.metrics = metrics
        self.client = client
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await metrics.report { text in
                // What comes of it shows in the age of the figures, and nobody waits for it.
                _ = await client.call(
                    ReportMetrics.self, ReportMetricsRequest(program: "reservation-mailer", text: text), deadline: .seconds(10))
            }
        }
    }
}

extension MetricsReporter: CustomStringConvertible {
    /// For the lines of the service group.
    package var description: String { "MetricsReporter" }
}
