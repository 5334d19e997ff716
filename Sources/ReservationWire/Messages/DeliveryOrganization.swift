/// What a message says of the organisation in whose name it is sent.
package struct DeliveryOrganization: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// IANA name, `Europe/Berlin`.
    package var timeZone: String
    /// For people.
    package var name: String
    /// `#1a73e8`.
    package var accentColor: String?
    /// Where visitors can write to.
    package var contactEmail: String?
    /// Where visitors can call.
    package var contactPhone: String?
    /// Where visitors can read on.
    package var website: String?

    package init(
        orq: UInt64, timeZone: String, name: String, accentColor: String? = nil, contactEmail: String? = nil,
        contactPhone: String? = nil, website: String? = nil
    ) {
        self.orq = orq
        self.timeZone = timeZone
        self.name = name
        self.accentColor = accentColor
        self.contactEmail = contactEmail
        self.contactPhone = contactPhone
        self.website = website
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        timeZone = try reader.string(.timeZone)
        name = try reader.string(.name)
        accentColor = try reader.optionalString(.accentColor)
        contactEmail = try reader.optionalString(.contactEmail)
        contactPhone = try reader.optionalString(.contactPhone)
        website = try reader.optionalString(.website)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.timeZone, timeZone)
        writer.write(.name, name)
        writer.write(.accentColor, accentColor)
        writer.write(.contactEmail, contactEmail)
        writer.write(.contactPhone, contactPhone)
        writer.write(.website, website)
    }
}
