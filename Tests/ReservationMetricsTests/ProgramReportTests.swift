import Testing

@testable import ReservationMetrics

@Suite("what a program may say of itself")
struct ProgramReportTests {
    private static let mailer = "reservation-mailer"

    private static func gauge(_ name: String, _ labels: String = "") -> String {
        "# HELP \(name) X.\n# TYPE \(name) gauge\n\(name)\(labels) 1\n"
    }

    @Test("its own families, and those that all have under its own name")
    func accepted() throws {
        let text = Self.gauge("reservation_mailer_paused") + Self.gauge("process_open_fds", "{program=\"reservation-mailer\"}")
        #expect(try ProgramReport(program: Self.mailer, text: text).exposition.text == text)
    }

    @Test(
        "nobody else's",
        arguments: [
            gauge("reservationd_writable"), gauge("gateway_daemon_up"), gauge("reservation_creation_count_total"),
            gauge("process_open_fds"),
            gauge("process_open_fds", "{program=\"reservationd\"}"), gauge("reservation_build_info", "{program=\"reservation-gateway\"}"),
            gauge("reservation_mailer_paused", "{program=\"reservationd\"}"), gauge("process_anything", "{program=\"reservation-mailer\"}"),
            "reservation_mailer_paused 1\n",
        ])
    func refused(text: String) {
        #expect(throws: ProgramReport.Problem.self) { try ProgramReport(program: Self.mailer, text: text) }
    }

    @Test(
        "programs that are not known may not report",
        arguments: ["reservationd", "reservation-gateway", "", "x", "reservation-mailer-2"])
    func unknown(program: String) {
        #expect(throws: ProgramReport.Problem.unknownProgram) { try ProgramReport(program: program, text: "") }
    }

    @Test("a report has bounds")
    func bounds() {
        let long = (0..<1100).map { "reservation_mailer_x{n=\"\($0)\"} 1\n" }.joined()
        #expect(throws: ProgramReport.Problem.self) {
            try ProgramReport(program: Self.mailer, text: "# HELP reservation_mailer_x X.\n# TYPE reservation_mailer_x gauge\n" + long)
        }
    }

    @Test("a second one's series can be told from the first one's")
    func numbered() throws {
        let report = try ProgramReport(
            program: Self.mailer,
            text: Self.gauge("reservation_mailer_paused") + Self.gauge("process_open_fds", "{program=\"reservation-mailer\"}"))
        #expect(report.numbered(1).exposition == report.exposition)
        let (name, second) = report.numbered(2)
        #expect(name == "reservation-mailer-2")
        #expect(second["reservation_mailer_paused"]?.samples.first?["program"] == name)
        #expect(second["process_open_fds"]?.samples.first?["program"] == name)
        let merged = Exposition.merging([report.exposition, second])
        #expect(merged.families.allSatisfy { $0.samples.count == 2 })
    }
}
