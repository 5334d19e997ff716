import CoreMetrics
import NIOCore
import ReservationClient
import ReservationMetrics
import ReservationWire

/// Answers on the metrics address: the figures of all programs as Prometheus reads them, and as a page for people.
///
/// It has an address of its own, which the public need not reach: nothing here is secret, and nothing here is for visitors.
package struct MetricsEdge: Sendable {
    /// How long the daemon may take. A scrape that waits longer would be given up, and then nobody would know even of the gateway.
    static let patience = Duration.milliseconds(800)

    let gateway: Gateway
    let history = MetricsHistory()
    private let daemonUp: Gauge
    private let openPages: Gauge

    package init(_ gateway: Gateway) {
        self.gateway = gateway
        daemonUp = gateway.metrics.registry.gauge(.daemonUp)
        openPages = gateway.metrics.registry.gauge(.openPages)
    }

    /// - Parameter target: path and query.
    func respond(method: String, target: String) async -> MetricsReply {
        let path = target.prefix { $0 != "?" }
        guard path == "/metrics" || path == "/" else { return .notFound }
        guard method == "GET" || method == "HEAD" else { return .methodNotAllowed }
        let exposition = await read()
        guard path == "/" else { return .metrics(exposition.text) }
        let page = StatusPage(StatusFigures(exposition), history)
        return .page(page.html, nonce: page.nonce)
    }

    /// Of all programs together.
    func read() async -> Exposition {
        let reports = await readDaemon()
        daemonUp.record(reports == nil ? 0 : 1)
        openPages.record(gateway.broadcast.seats)
        return Exposition.merging([gateway.metrics.registry.read()] + (reports ?? []))
    }

    /// - Returns: nil when the daemon does not answer.
    private func readDaemon() async -> [Exposition]? {
        guard case .answered(let response, _) = await gateway.ledger.call(ReadMetrics.self, ReadMetricsRequest(), deadline: Self.patience)
        else { return nil }
        var parts = response.reports.compactMap { try? Exposition(parsing: $0.text, within: .daemon) }
        let ages = response.reports.dropFirst().map { report in
            MetricSample(labels: [MetricLabel("program", report.program)], value: Double(report.ageMilliseconds) / 1000)
        }
        if !ages.isEmpty {
            let family = MetricFamily.reportAge
            parts.append(Exposition(families: [ExposedFamily(name: family.name, help: family.help, kind: "gauge", samples: ages)]))
        }
        return parts
    }

    /// Keeps the history until the task is cancelled.
    func keepHistory() async {
        while !Task.isCancelled {
            let figures = StatusFigures(gateway.metrics.registry.read())
            history.add(figures.sample(at: gateway.clock()))
            try? await Task.sleep(for: MetricsHistory.interval)
        }
    }
}

/// An answer of the metrics address before it becomes HTTP.
struct MetricsReply: Sendable {
    var status: Int
    var fields: [(name: String, value: String)]
    var body: ByteBuffer

    static func metrics(_ text: String) -> MetricsReply {
        MetricsReply(200, Exposition.contentType, "default-src 'none'; frame-ancestors 'none'", text)
    }

    /// - Parameter nonce: of the page's style, the only thing besides the page itself that may be used; it has no scripts.
    static func page(_ html: String, nonce: String) -> MetricsReply {
        MetricsReply(
            200, "text/html; charset=utf-8",
            "default-src 'none'; style-src 'nonce-\(nonce)'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", html)
    }

    static var notFound: MetricsReply {
        MetricsReply(
            404, "text/plain; charset=utf-8", "default-src 'none'; frame-ancestors 'none'", "There is nothing here. Try /metrics or /.\n")
    }

    static var methodNotAllowed: MetricsReply {
        var reply = MetricsReply(
            405, "text/plain; charset=utf-8", "default-src 'none'; frame-ancestors 'none'", "This address answers to GET and HEAD only.\n")
        reply.fields.append(("allow", "GET, HEAD"))
        return reply
    }

    private init(_ status: Int, _ type: String, _ policy: String, _ text: String) {
        self.status = status
        body = ByteBuffer(string: text)
        fields = [
            ("content-type", type), ("content-length", "\(body.readableBytes)"), ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("content-security-policy", policy),
            ("date", DateHeader.now()),
        ]
    }
}
