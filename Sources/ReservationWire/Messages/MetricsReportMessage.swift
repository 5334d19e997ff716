/// One program's figures.
package struct MetricsReportMessage: WireMessage {
    /// Whose they are; a second one that runs at the same time has a number behind its name.
    package var program: String
    /// In Prometheus' text format, version 0.0.4.
    package var text: String
    /// How long ago they were taken.
    package var ageMilliseconds: UInt64

    package init(program: String, text: String, ageMilliseconds: UInt64) {
        self.program = program
        self.text = text
        self.ageMilliseconds = ageMilliseconds
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        program = try reader.string(.program)
        text = try reader.string(.text)
        ageMilliseconds = try reader.integer(.ageMilliseconds)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.program, program)
        writer.write(.text, text)
        writer.write(.ageMilliseconds, ageMilliseconds)
    }
}
