import ReservationCore

/// One organisation with all that its visitors see of it.
package enum GetOrganization: Operation {
    package typealias Request = GetOrganizationRequest
    package typealias Response = OrganizationProfileResponse
    package static var opcode: Opcode { .organizationGet }
}

/// Asks for `organization.get`.
package struct GetOrganizationRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64

    package init(orq: UInt64) {
        self.orq = orq
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
    }
}
