/// Lends confirmations that are due to one mailer; waits until there are some.
package enum LeaseDeliveries: Operation {
    package typealias Request = LeaseDeliveriesRequest
    package typealias Response = LeaseDeliveriesResponse
    package static var opcode: Opcode { .outboxLease }
}

/// Asks for `outbox.lease`.
package struct LeaseDeliveriesRequest: WireMessage {
    /// Most entries, 1 to 256.
    package var limit: UInt64
    /// For so long nobody else gets them, in milliseconds.
    package var leaseMilliseconds: UInt64
    /// How long to wait until something is due, in milliseconds; 0 answers at once.
    package var waitMilliseconds: UInt64

    package init(limit: UInt64, leaseMilliseconds: UInt64, waitMilliseconds: UInt64) {
        self.limit = limit
        self.leaseMilliseconds = leaseMilliseconds
        self.waitMilliseconds = waitMilliseconds
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        limit = try reader.integer(.limit)
        leaseMilliseconds = try reader.integer(.leaseMilliseconds)
        waitMilliseconds = try reader.integer(.waitMilliseconds)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.limit, limit)
        writer.write(.leaseMilliseconds, leaseMilliseconds)
        writer.write(.waitMilliseconds, waitMilliseconds)
    }
}

/// Answers `outbox.lease`.
package struct LeaseDeliveriesResponse: WireMessage {
    /// What is to be sent; empty when nothing was due in time.
    package var deliveries: [DeliveryMessage]

    package init(deliveries: [DeliveryMessage] = []) {
        self.deliveries = deliveries
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        deliveries = try reader.messages(.deliveries, DeliveryMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.deliveries, deliveries)
    }
}
