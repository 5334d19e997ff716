/// Checks the form of a contact for a ticket; changes nothing.
package enum VerifyContact: Operation {
    package typealias Request = VerifyContactRequest
    package typealias Response = VerifyContactResponse
    package static var opcode: Opcode { .contactVerify }
}

/// Asks for `contact.verify`.
package struct VerifyContactRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64
    /// Must be the ticket's own where it is given.
    package var ticketCode: String?
    /// Where the confirmation goes.
    package var customerEmail: String
    /// With + and country code.
    package var customerPhone: String
    /// What the request is called in the logs of all programs: 1 to 64 characters of `[A-Za-z0-9._-]`.
    package var requestID: String?

    package init(
        orq: UInt64, ticketID: UInt64, ticketCode: String? = nil, customerEmail: String, customerPhone: String, requestID: String? = nil
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.customerEmail = customerEmail
        self.customerPhone = customerPhone
        self.requestID = requestID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketID = try reader.integer(.ticketID)
        ticketCode = try reader.optionalString(.ticketCode)
        customerEmail = try reader.string(.customerEmail)
        customerPhone = try reader.string(.customerPhone)
        requestID = try reader.optionalString(.requestID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.customerEmail, customerEmail)
        writer.write(.customerPhone, customerPhone)
        writer.write(.requestID, requestID)
    }
}

/// Answers `contact.verify`.
package struct VerifyContactResponse: WireMessage {
    /// Where the confirmation goes.
    package var customerEmail: String
    /// With + and country code.
    package var customerPhone: String

    package init(customerEmail: String, customerPhone: String) {
        self.customerEmail = customerEmail
        self.customerPhone = customerPhone
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        customerEmail = try reader.string(.customerEmail)
        customerPhone = try reader.string(.customerPhone)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.customerEmail, customerEmail)
        writer.write(.customerPhone, customerPhone)
    }
}
