/// Makes an organisation.
package enum AddOrganization: Operation {
    package typealias Request = AddOrganizationRequest
    package typealias Response = AddOrganizationResponse
    package static var opcode: Opcode { .organizationAdd }
}

/// Asks for `organization.add`.
package struct AddOrganizationRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// IANA name, `Europe/Berlin`.
    package var timeZone: String
    /// For people.
    package var name: String
    /// Whether a slot may still be booked after its start; false when absent.
    package var allowStarted: Bool?

    package init(orq: UInt64, timeZone: String, name: String, allowStarted: Bool? = nil) {
        self.orq = orq
        self.timeZone = timeZone
        self.name = name
        self.allowStarted = allowStarted
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        timeZone = try reader.string(.timeZone)
        name = try reader.string(.name)
        allowStarted = try reader.optionalBool(.allowStarted)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.timeZone, timeZone)
        writer.write(.name, name)
        writer.write(.allowStarted, allowStarted)
    }
}

/// Answers `organization.add`.
package struct AddOrganizationResponse: WireMessage {
    /// The organisations.
    package var organizations: [OrganizationMessage]

    package init(organizations: [OrganizationMessage] = []) {
        self.organizations = organizations
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        organizations = try reader.messages(.organizations, OrganizationMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.organizations, organizations)
    }
}
