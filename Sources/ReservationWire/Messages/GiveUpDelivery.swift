/// Reports that a message will not be sent.
package enum GiveUpDelivery: Operation {
    package typealias Request = GiveUpDeliveryRequest
    package typealias Response = GiveUpDeliveryResponse
    package static var opcode: Opcode { .outboxDeadLetter }
}

/// Asks for `outbox.dead_letter`.
package struct GiveUpDeliveryRequest: WireMessage {
    /// The entry.
    package var outboxID: UInt64
    /// The lease under which it was handed out.
    package var leaseID: UInt64
    /// Why.
    package var detail: String

    package init(outboxID: UInt64, leaseID: UInt64, detail: String) {
        self.outboxID = outboxID
        self.leaseID = leaseID
        self.detail = detail
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        outboxID = try reader.integer(.outboxID)
        leaseID = try reader.integer(.leaseID)
        detail = try reader.string(.detail)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.outboxID, outboxID)
        writer.write(.leaseID, leaseID)
        writer.write(.detail, detail)
    }
}

/// Answers `outbox.dead_letter`.
package struct GiveUpDeliveryResponse: WireMessage {
    package init() {}

    package init(from reader: inout some FieldReader) {}

    package func write(to writer: inout some FieldWriter) {}
}
