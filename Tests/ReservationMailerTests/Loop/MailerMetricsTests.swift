import ReservationMetrics
import Synchronization
import Testing

@testable import ReservationMailer

@Suite("What the mailer counts and tells")
struct MailerMetricsTests {
    @Test("each result counts under its transport, and a pause shows until it ends")
    func counts() {
        let metrics = MailerMetrics(email: "smtp", sms: "twilio")
        metrics.record(.accepted(providerID: nil), of: .email, took: .milliseconds(3))
        metrics.record(.retry(after: nil, FailureReason("later")), of: .email, took: .milliseconds(3))
        metrics.record(.credentialsRefused(FailureReason("who?")), of: .sms, took: .milliseconds(3))
        metrics.record(.paused(FailureReason("who?")), of: .sms)
        metrics.record(.paused(FailureReason("who?")), of: .email)
        metrics.record(.resumed, of: .email)
        let text = metrics.registry.read().text
        for line in [
            #"reservation_mailer_deliveries_total{transport="smtp",result="accepted"} 1"#,
            #"reservation_mailer_deliveries_total{transport="smtp",result="retry"} 1"#,
            #"reservation_mailer_deliveries_total{transport="smtp",result="refused"} 0"#,
            #"reservation_mailer_deliveries_total{transport="twilio",result="credentials_refused"} 1"#,
            #"reservation_mailer_delivery_duration_seconds_count{transport="smtp"} 2"#, "reservation_mailer_paused 1",
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
        metrics.record(.resumed, of: .sms)
        #expect(metrics.registry.read().text.contains("reservation_mailer_paused 0\n"))
    }

    @Test("what it tells is what the daemon takes")
    func accepted() throws {
        let metrics = MailerMetrics(email: "smtp", sms: "twilio")
        metrics.registry.addProcess(program: "reservation-mailer", version: "1")
        #expect(throws: Never.self) { try ProgramReport(program: "reservation-mailer", text: metrics.registry.read().text) }
    }

    @Test("it tells at the beginning and when something changed, many changes at once; while nothing changes it tells nothing")
    func reports() async throws {
        let metrics = MailerMetrics(email: "smtp")
        let (told, tell) = AsyncStream.makeStream(of: String.self)
        let count = Mutex(0)
        let reporting = Task {
            await metrics.report(every: .milliseconds(1)) { text in
                count.withLock { $0 += 1 }
                tell.yield(text)
            }
        }
        var reports = told.makeAsyncIterator()
        #expect(await reports.next()?.contains(#"result="accepted"} 0"#) == true)
        for _ in 0..<1000 { metrics.record(.accepted(providerID: nil), of: .email, took: .zero) }
        while await reports.next()?.contains(#"result="accepted"} 1000"#) != true {}
        // One may still be owed for changes that the last one told already.
        let before = count.withLock { $0 }
        try await Task.sleep(for: .milliseconds(100))
        #expect(count.withLock { $0 } <= before + 1)
        reporting.cancel()
        await reporting.value
    }
}
