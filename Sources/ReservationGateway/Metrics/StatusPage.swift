import Glibc
import ReservationMetrics

/// The figures as pictures, for who has no Grafana: one page that needs nothing else, and refreshes by itself.
struct StatusPage {
    /// Names the page's own style to the browser; another one each time.
    let nonce: String
    let html: String

    init(_ figures: StatusFigures, _ history: MetricsHistory, now: Double = Double(time(nil))) {
        nonce = String(UInt64.random(in: .min ... .max), radix: 16)
        let findings = StatusFinding.all(figures, history)
        html = PortalPages.fill(
            Self.template,
            [
                "nonce": nonce,
                "state": findings.isEmpty ? "good" : findings.contains { $0.weight == .bad } ? "bad" : "warning",
                "verdict": Self.verdict(findings.count),
                "findings": findings.map { "<li class=\"\($0.weight.rawValue)\">\(HTMLText.escape($0.text))</li>" }.joined(separator: "\n"),
                "funnel": StatusPictures.funnel([
                    ("Tickets validated", figures.validated), ("Contacts verified", figures.contacts), ("Reservations", figures.reserved),
                ]),
                "rate": StatusPictures.rate(history.all),
                "failures": StatusPictures.pie(figures.failures),
                "completion": StatusPictures.histogram(figures.completion, "Time to complete a reservation"),
                "latencies": Self.rows([
                    ("Validation", figures.validationLatency), ("Reservation", figures.creationLatency), ("Commit", figures.commitLatency),
                ]),
                "figures": Self.list(Self.details(figures, now: now)),
                "programs": figures.programs.map { Self.row($0, now: now) }.joined(separator: "\n"),
                "time": Self.clock(now),
            ])
    }

    private static func verdict(_ count: Int) -> String {
        switch count {
        case 0: "Nothing is wrong."
        case 1: "One thing is wrong."
        default: "\(count) things are wrong."
        }
    }

    private static let template = String(decoding: PackageResources.status_html, as: UTF8.self)

    private static func details(_ figures: StatusFigures, now: Double) -> [(String, String?)] {
        let batch = figures.batchSize
        return [
            ("Bookings refused, slot full", StatusText.percent(figures.slotFull, of: figures.attempts)),
            ("Refused for asking too often", StatusText.number(figures.limited)),
            ("Open pages", figures.openPages.map(StatusText.number)),
            ("HTTP connections", figures.connections.map(StatusText.number)),
            ("Requests waiting for the ledger", figures.queueDepth.map(StatusText.number)),
            ("Refused as too many", StatusText.number(figures.overloaded)),
            ("Requests a commit, on average", batch.count > 0 ? StatusText.significant(batch.sum / batch.count) : nil),
            ("Groups rolled back", StatusText.number(figures.rolledBack)),
            ("Confirmations waiting", figures.waitingMessages.map(StatusText.number)),
            ("… with a mailer", figures.leasedMessages.map(StatusText.number)),
            ("… given up", figures.deadLetters.map(StatusText.number)),
            ("Oldest waiting for", figures.outboxAge.map { $0 > 0 ? StatusText.seconds($0) : "–" }),
            (
                "E-mails sent / to be repeated / failed",
                [figures.mailsSent, figures.mailsRetried, figures.mailsFailed]
                    .map(StatusText.number).joined(separator: " / ")
            ),
            ("Tickets", figures.tickets.map(StatusText.number)),
            ("Reservations", figures.reservations.map(StatusText.number)),
            ("Database", figures.databaseBytes.map(StatusText.bytes)),
            ("Write-ahead log", figures.logBytes.map(StatusText.bytes)),
            ("Free on its disk", figures.diskFree.map(StatusText.bytes)),
            ("Last backup since the start", figures.lastBackup.map { "\(StatusText.seconds(max(0, now - $0))) ago" }),
        ]
    }

    /// What is not known is not shown as nought.
    private static func list(_ details: [(String, String?)]) -> String {
        details.map { "<div><dt>\($0.0)</dt><dd>\(HTMLText.escape($0.1 ?? "–"))</dd></div>" }.joined(separator: "\n")
    }

    private static func rows(_ latencies: [(String, Distribution)]) -> String {
        latencies.map { name, distribution in
            let cells = [0.5, 0.95, 0.99].map { quantile in
                "<td>\(distribution.quantile(quantile).map(StatusText.seconds) ?? "–")</td>"
            }
            return "<tr><th scope=\"row\">\(name)</th>\(cells.joined())<td>\(StatusText.number(distribution.count))</td></tr>"
        }.joined(separator: "\n")
    }

    private static func row(_ program: StatusFigures.Program, now: Double) -> String {
        let cells = [
            program.version, program.memory.map(StatusText.bytes), program.descriptors.map(StatusText.number),
            program.started.map { StatusText.seconds(max(0, now - $0)) },
            program.age.map { "\(StatusText.seconds($0)) ago" } ?? "now",
        ]
        return "<tr><th scope=\"row\">\(HTMLText.escape(program.name))</th>"
            + cells.map { "<td>\(HTMLText.escape($0 ?? "–"))</td>" }.joined() + "</tr>"
    }

    /// `14:05:09 UTC`.
    private static func clock(_ now: Double) -> String {
        let second = Int(now) % 86_400
        let parts = [second / 3600, second / 60 % 60, second % 60]
        return parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":") + " UTC"
    }
}
