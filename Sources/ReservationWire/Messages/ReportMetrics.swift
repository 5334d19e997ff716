/// Leaves a program's figures with the daemon, for whoever reads metrics.
package enum ReportMetrics: Operation {
    package typealias Request = ReportMetricsRequest
    package typealias Response = ReportMetricsResponse
    package static var opcode: Opcode { .metricsReport }
}

/// Asks for `metrics.report`.
package struct ReportMetricsRequest: WireMessage {
    /// The program's name.
    package var program: String
    /// In Prometheus' text format, version 0.0.4; at most 64 KiB.
    package var text: String

    package init(program: String, text: String) {
        self.program = program
        self.text = text
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        program = try reader.string(.program)
        text = try reader.string(.text)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.program, program)
        writer.write(.text, text)
    }
}

/// Answers `metrics.report`.
package struct ReportMetricsResponse: WireMessage {
    package init() {}

    package init(from reader: inout some FieldReader) {}

    package func write(to writer: inout some FieldWriter) {}
}
