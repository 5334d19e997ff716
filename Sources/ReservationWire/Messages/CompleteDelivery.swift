/// Reports that a message was sent.
package enum CompleteDelivery: Operation {
    package typealias Request = CompleteDeliveryRequest
    package typealias Response = CompleteDeliveryResponse
    package static var opcode: Opcode { .outboxDone }
}

/// Asks for `outbox.done`.
package struct CompleteDeliveryRequest: WireMessage {
    /// The entry.
    package var outboxID: UInt64
    /// The lease under which it was handed out.
    package var leaseID: UInt64
    /// The name under which who took the message knows it.
    package var providerID: String?

    package init(outboxID: UInt64, leaseID: UInt64, providerID: String? = nil) {
        self.outboxID = outboxID
        self.leaseID = leaseID
        self.providerID = providerID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        outboxID = try reader.integer(.outboxID)
        leaseID = try reader.integer(.leaseID)
        providerID = try reader.optionalString(.providerID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.outboxID, outboxID)
        writer.write(.leaseID, leaseID)
        writer.write(.providerID, providerID)
    }
}

/// Answers `outbox.done`.
package struct CompleteDeliveryResponse: WireMessage {
    package init() {}

    package init(from reader: inout some FieldReader) {}

    package func write(to writer: inout some FieldWriter) {}
}
