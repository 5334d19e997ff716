/// Figures of the daemon and of the programs that report to it.
package enum ReadMetrics: Operation {
    package typealias Request = ReadMetricsRequest
    package typealias Response = ReadMetricsResponse
    package static var opcode: Opcode { .metricsRead }
}

/// Asks for `metrics.read`.
package struct ReadMetricsRequest: WireMessage {
    package init() {}

    package init(from reader: inout some FieldReader) {}

    package func write(to writer: inout some FieldWriter) {}
}

/// Answers `metrics.read`.
package struct ReadMetricsResponse: WireMessage {
    /// The daemon's own first.
    package var reports: [MetricsReportMessage]

    package init(reports: [MetricsReportMessage] = []) {
        self.reports = reports
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        reports = try reader.messages(.reports, MetricsReportMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.reports, reports)
    }
}
