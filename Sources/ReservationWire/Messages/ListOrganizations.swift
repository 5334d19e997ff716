/// All organisations.
package enum ListOrganizations: Operation {
    package typealias Request = ListOrganizationsRequest
    package typealias Response = ListOrganizationsResponse
    package static var opcode: Opcode { .organizationList }
}

/// Asks for `organization.list`.
package struct ListOrganizationsRequest: WireMessage {
    package init() {}

    package init(from reader: inout some FieldReader) {}

    package func write(to writer: inout some FieldWriter) {}
}

/// Answers `organization.list`.
package struct ListOrganizationsResponse: WireMessage {
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
