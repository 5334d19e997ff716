/// Reports that a message could not be sent now.
package enum RetryDelivery: Operation {
    package typealias Request = RetryDeliveryRequest
    package typealias Response = RetryDeliveryResponse
    package static var opcode: Opcode { .outboxRetry }
}

/// Asks for `outbox.retry`.
package struct RetryDeliveryRequest: WireMessage {
    /// When it is due again, in milliseconds from now.
    package var retryAfterMilliseconds: UInt64
    /// The entry.
    package var outboxID: UInt64
    /// The lease under which it was handed out.
    package var leaseID: UInt64
    /// Why.
    package var detail: String

    package init(retryAfterMilliseconds: UInt64, outboxID: UInt64, leaseID: UInt64, detail: String) {
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.outboxID = outboxID
        self.leaseID = leaseID
        self.detail = detail
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        retryAfterMilliseconds = try reader.integer(.retryAfterMilliseconds)
        outboxID = try reader.integer(.outboxID)
        leaseID = try reader.integer(.leaseID)
        detail = try reader.string(.detail)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.retryAfterMilliseconds, retryAfterMilliseconds)
        writer.write(.outboxID, outboxID)
        writer.write(.leaseID, leaseID)
        writer.write(.detail, detail)
    }
}

/// Answers `outbox.retry`.
package struct RetryDeliveryResponse: WireMessage {
    package init() {}

    package init(from reader: inout some FieldReader) {}

    package func write(to writer: inout some FieldWriter) {}
}
