/// Queues another confirmation of a reservation.
package enum ResendConfirmation: Operation {
    package typealias Request = ResendConfirmationRequest
    package typealias Response = OutboxEntriesResponse
    package static var opcode: Opcode { .reservationsResend }
}

/// Asks for `reservations.resend`.
package struct ResendConfirmationRequest: WireMessage {
    /// The reservation; not a secret.
    package var reservationID: UInt64

    package init(reservationID: UInt64) {
        self.reservationID = reservationID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        reservationID = try reader.integer(.reservationID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.reservationID, reservationID)
    }
}
