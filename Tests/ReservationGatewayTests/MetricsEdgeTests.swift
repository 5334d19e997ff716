import Logging
import NIOCore
import ReservationClient
import ReservationCore
import ReservationMetrics
import ReservationWire
import Testing

@testable import ReservationGateway

@Suite("The metrics address")
struct MetricsEdgeTests {
    private static let daemon = """
        # HELP reservationd_writable W.
        # TYPE reservationd_writable gauge
        reservationd_writable 1
        # HELP process_open_fds F.
        # TYPE process_open_fds gauge
        process_open_fds{program="reservationd"} 20

        """
    private static let mailer = """
        # HELP reservation_mailer_paused P.
        # TYPE reservation_mailer_paused gauge
        reservation_mailer_paused 0
        # HELP process_open_fds F.
        # TYPE process_open_fds gauge
        process_open_fds{program="reservation-mailer"} 9

        """
    private static let answer = ReadMetricsResponse(reports: [
        MetricsReportMessage(program: "reservationd", text: daemon, ageMilliseconds: 0),
        MetricsReportMessage(program: "reservation-mailer", text: mailer, ageMilliseconds: 4200),
    ])

    private static func edge(_ script: RecordingLedger.Script) -> MetricsEdge {
        MetricsEdge(
            Gateway(
                configuration: GatewayConfiguration(defaultOrganization: .number(1)), ledger: RecordingLedger(script),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    }

    @Test("all programs' families are one exposition, each family once")
    func merged() async throws {
        let edge = Self.edge(.answer(Self.answer))
        edge.gateway.metrics.registry.addProcess(program: "reservation-gateway", version: "1")
        let text = String(buffer: await edge.respond(method: "GET", target: "/metrics").body)
        let read = try Exposition(parsing: text, within: .daemon)
        #expect(read["process_open_fds"]?.samples.map { $0["program"] } == ["reservation-gateway", "reservationd", "reservation-mailer"])
        #expect(read["gateway_daemon_up"]?.samples.first?.value == 1)
        #expect(read["reservationd_writable"]?.samples.first?.value == 1)
        #expect(
            read["gateway_report_age_seconds"]?.samples == [
                MetricSample(labels: [MetricLabel("program", "reservation-mailer")], value: 4.2)
            ])
    }

    @Test("without the daemon the gateway's own figures are told, and that it does not answer")
    func daemonAway() async throws {
        let edge = Self.edge(.fail(ClientError(code: .unreachable, message: "gone")))
        let reply = await edge.respond(method: "GET", target: "/metrics")
        #expect(reply.status == 200)
        let read = try Exposition(parsing: String(buffer: reply.body), within: .daemon)
        #expect(read["gateway_daemon_up"]?.samples.first?.value == 0)
        #expect(read["ticket_validation_count_total"] != nil && read["reservationd_writable"] == nil)
        #expect(String(buffer: await edge.respond(method: "GET", target: "/").body).contains("The daemon does not answer"))
        let ledger = try #require(edge.gateway.ledger as? RecordingLedger)
        #expect(ledger.deadlines.allSatisfy { $0 < .seconds(1) })
    }

    @Test("what the daemon hands on and is no exposition is left out, and nothing of it is markup on the page")
    func hostile() async throws {
        let hostile = """
            # HELP reservation_build_info B.
            # TYPE reservation_build_info gauge
            reservation_build_info{program="<script>",version="&"} 1

            """
        let edge = Self.edge(
            .answer(
                ReadMetricsResponse(reports: [
                    MetricsReportMessage(program: "reservationd", text: hostile, ageMilliseconds: 0),
                    MetricsReportMessage(program: "x", text: "x{} y\n", ageMilliseconds: 0),
                ])))
        #expect(throws: Never.self) {
            try Exposition(parsing: edge.gateway.metrics.registry.read().text, within: .daemon)
        }
        let page = String(buffer: await edge.respond(method: "GET", target: "/").body)
        #expect(page.contains("&lt;script&gt;") && !page.contains("<script"))
        #expect(!String(buffer: await edge.respond(method: "GET", target: "/metrics").body).contains("x{}"))
    }

    @Test("other addresses are 404, other methods 405")
    func refusals() async {
        let edge = Self.edge(.answer(Self.answer))
        #expect(await edge.respond(method: "GET", target: "/other").status == 404)
        #expect(await edge.respond(method: "POST", target: "/other").status == 404)
        let wrong = await edge.respond(method: "POST", target: "/metrics")
        #expect(wrong.status == 405 && wrong.fields.contains { $0.name == "allow" && $0.value == "GET, HEAD" })
        #expect(await edge.respond(method: "HEAD", target: "/metrics?x").status == 200)
    }

    @Test("each style belongs to its own page")
    func nonce() async throws {
        let edge = Self.edge(.answer(Self.answer))
        var nonces: Set<String> = []
        for _ in 1...3 {
            let reply = await edge.respond(method: "GET", target: "/")
            let policy = try #require(reply.fields.first { $0.name == "content-security-policy" }?.value)
            let nonce = try #require(policy.firstMatch(of: /'nonce-([0-9a-f]+)'/)?.output.1)
            #expect(String(buffer: reply.body).contains("<style nonce=\"\(nonce)\">"))
            nonces.insert(String(nonce))
        }
        #expect(nonces.count == 3)
    }

    @Test("a replay counts apart from the first time, an outage as an error, and an unknown code under OTHER")
    func reasons() {
        let metrics = GatewayMetrics()
        var success = Reply(success: ByteBuffer())
        metrics.record(success, .createReservation, whole: 0.5, own: 0.001)
        success.isReplayed = true
        metrics.record(success, .createReservation, whole: 0.5, own: 0.001)
        metrics.record(Reply(.unavailable), .createReservation, whole: 0.5, own: 0.001)
        metrics.record(Reply(PublicFailure(PublicStatus(409, "NEVER_HEARD_OF"), "")), .createReservation, whole: 0.5, own: 0.001)
        metrics.record(Reply(.methodNotAllowed("POST")), .createReservation, whole: 0.5, own: 0.001)
        metrics.record(Reply(.notFound), nil, whole: 0.5, own: 0.001)
        let read = metrics.registry.read()
        let counted = read["reservation_creation_count_total"]?.samples.filter { $0.value > 0 } ?? []
        #expect(
            Set(counted.map { "\($0["result"] ?? "") \($0["reason"] ?? "")" })
                == ["success NONE", "success REPLAYED", "error UNAVAILABLE", "refused OTHER"])
        #expect(Distribution(read["reservation_creation_latency_seconds"]).quantile(1) == 0.001)
        #expect(Distribution(read["gateway_http_request_duration_seconds"]) { $0["route"] == "create" }.count == 5)
        #expect(read.text.contains(#"gateway_http_requests_total{route="other",status="404"} 1"#))
    }

    @Test("the history has an end, and tells what came in the last minutes")
    func history() {
        let history = MetricsHistory()
        #expect(history.growth(over: 60) == nil)
        for number in 0..<(MetricsHistory.length + 5) {
            history.add(MetricsHistory.Sample(at: Double(number) * 10, reserved: Double(number)))
        }
        #expect(history.all.count == MetricsHistory.length)
        #expect(history.growth(over: 60)?.reserved == 6)
    }

    @Test(
        "numbers as people read them",
        arguments: [
            (StatusText.number(1_234_567), "1,234,567"), (StatusText.number(-1234), "-1,234"), (StatusText.number(0), "0"),
            (StatusText.seconds(0.00042), "0.42 ms"), (StatusText.seconds(0.0175), "18 ms"), (StatusText.seconds(3.14), "3.1 s"),
            (StatusText.seconds(1500), "25 min"), (StatusText.bytes(1536), "1.5 KiB"), (StatusText.bytes(512), "512 B"),
            (StatusText.percent(1, of: 3), "33 %"), (StatusText.percent(1, of: 0), "–"), (StatusText.coordinate(-0.04), "0.0"),
            (StatusText.coordinate(12.36), "12.4"),
        ])
    func texts(text: String, expected: String) {
        #expect(text == expected)
    }

    @Test("what is wrong is said in words")
    func findings() throws {
        let text = Self.daemon.replacing("reservationd_writable 1", with: "reservationd_writable 0")
        let figures = StatusFigures(try Exposition(parsing: text, within: .daemon))
        let findings = StatusFinding.all(figures, MetricsHistory())
        #expect(findings.map(\.weight) == [.bad, .warning])
        #expect(findings.first?.text.contains("takes no writes") == true && findings.last?.text.contains("No mailer") == true)
    }
}
