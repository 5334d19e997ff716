import NIOCore
import NIOPosix
import ReservationCore
import ReservationMetrics
import ReservationWire

// How figures are read and reported (spec, sections 20.9 and 20.288): beside the ledger, which has bookings to see to.

extension ConnectionHandler {
    func answer(_ command: MetricsCommand, _ submission: Submission) {
        switch command {
        case .read: read(submission)
        case .report(let report):
            if server.reports.keep(report, of: ObjectIdentifier(self), at: eventLoop.now) {
                server.encoder.response(ReportMetricsResponse(), to: submission, into: &output)
                completedBesideLedger(submission, .ok)
            } else {
                server.encoder.error(.overloaded, .tooManyReports, to: submission, into: &output)
                completedBesideLedger(submission, .overloaded)
            }
        }
    }

    private func read(_ submission: Submission) {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let loop = eventLoop
        server.gauges.refresh(on: loop) { loop.execute { bound.value.writeMetrics(submission) } }
    }

    /// On another thread, since the event loop has other connections to see to: it takes a millisecond.
    private func writeMetrics(_ submission: Submission) {
        guard context != nil else { return }
        let (server, now) = (server, eventLoop.now)
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            var encoded = ByteBuffer()
            let own = MetricsReportMessage(program: "reservationd", text: server.metrics.registry.read().text, ageMilliseconds: 0)
            let others = server.reports.all(at: now).map { report in
                MetricsReportMessage(
                    program: report.program, text: report.exposition.text, ageMilliseconds: UInt64(report.age.nanoseconds / 1_000_000))
            }
            server.encoder.response(ReadMetricsResponse(reports: [own] + others), to: submission, into: &encoded)
            return encoded
        }.assumeIsolated().whenComplete { result in
            guard self.context != nil, var encoded = try? result.get() else { return self.close() }
            self.output.writeBuffer(&encoded)
            self.completedBesideLedger(submission, .ok)
            self.flushOutput()
        }
    }
}

extension ErrorReply {
    fileprivate static let tooManyReports = ErrorReply(
        message: "The daemon keeps the reports of \(ProgramReports.limit) programs, and there are that many.",
        retryAfterMilliseconds: 60_000)
}
