/// Changes what is known of an organisation.
package enum SetOrganization: Operation {
    package typealias Request = SetOrganizationRequest
    package typealias Response = OrganizationProfileResponse
    package static var opcode: Opcode { .organizationSet }
}

/// Asks for `organization.set`. What is absent stays as it is; an empty value takes away what need not be there.
package struct SetOrganizationRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// IANA name, `Europe/Berlin`; only while the organisation has no slots.
    package var timeZone: String?
    /// For people.
    package var name: String?
    /// Whether a slot may still be booked after its start.
    package var allowStarted: Bool?
    /// `#1a73e8` or `#17e`, in either case.
    package var accentColor: String?
    /// A PNG, JPEG or WebP file.
    package var logo: [UInt8]?
    /// Where visitors can write to.
    package var contactEmail: String?
    /// Where visitors can call.
    package var contactPhone: String?
    /// Where visitors can read on.
    package var website: String?
    /// So many days after a visit the visitor's contact is erased; 0 takes that away.
    package var retentionDays: UInt64?

    package init(
        orq: UInt64, timeZone: String? = nil, name: String? = nil, allowStarted: Bool? = nil, accentColor: String? = nil,
        logo: [UInt8]? = nil, contactEmail: String? = nil, contactPhone: String? = nil, website: String? = nil,
        retentionDays: UInt64? = nil
    ) {
        self.orq = orq
        self.timeZone = timeZone
        self.name = name
        self.allowStarted = allowStarted
        self.accentColor = accentColor
        self.logo = logo
        self.contactEmail = contactEmail
        self.contactPhone = contactPhone
        self.website = website
        self.retentionDays = retentionDays
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        timeZone = try reader.optionalString(.timeZone)
        name = try reader.optionalString(.name)
        allowStarted = try reader.optionalBool(.allowStarted)
        accentColor = try reader.optionalString(.accentColor)
        logo = try reader.optionalBytes(.logo)
        contactEmail = try reader.optionalString(.contactEmail)
        contactPhone = try reader.optionalString(.contactPhone)
        website = try reader.optionalString(.website)
        retentionDays = try reader.optionalInteger(.retentionDays)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.timeZone, timeZone)
        writer.write(.name, name)
        writer.write(.allowStarted, allowStarted)
        writer.write(.accentColor, accentColor)
        writer.write(.logo, logo)
        writer.write(.contactEmail, contactEmail)
        writer.write(.contactPhone, contactPhone)
        writer.write(.website, website)
        writer.write(.retentionDays, retentionDays)
    }
}
