/// Whether the daemon lives and can write.
package enum Health: Operation {
    package typealias Request = HealthRequest
    package typealias Response = HealthResponse
    package static var opcode: Opcode { .daemonHealth }
}

/// Asks for `daemon.health`.
package struct HealthRequest: WireMessage {
    package init() {}

    package init(from reader: inout some FieldReader) {}

    package func write(to writer: inout some FieldWriter) {}
}

/// Answers `daemon.health`.
package struct HealthResponse: WireMessage {
    /// Whether the store takes writes.
    package var writable: Bool

    package init(writable: Bool) {
        self.writable = writable
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        writable = try reader.bool(.writable)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.writable, writable)
    }
}
