import ReservationCore
import ReservationWire

extension RequestDecoder {
    func addOrganization(_ body: AddOrganizationRequest) throws(Problem) -> Command {
        guard Self.isOrganizationName(body.name) else { throw invalid("name", Self.organizationNameRule) }
        return .addOrganization(
            OrganizationDraft(
                id: try organization(body.orq), name: body.name, timeZone: body.timeZone, allowsStarted: body.allowStarted ?? false))
    }

    /// Judges every value, so that an operator learns of all mistakes at once.
    func setOrganization(_ body: SetOrganizationRequest) throws(Problem) -> Command {
        var problems: [FieldProblem] = []
        func edit<Text: Collection, Value>(
            _ text: Text?, _ field: String, _ parse: (Text) throws(InvalidValue) -> Value
        ) -> OrganizationChange.Edit<Value>? {
            guard let text else { return nil }
            if text.isEmpty { return .remove }
            do throws(InvalidValue) {
                return .set(try parse(text))
            } catch {
                problems.append(FieldProblem(field: field, message: error.message))
                return nil
            }
        }
        var change = OrganizationChange(
            id: try organization(body.orq), name: body.name, timeZone: body.timeZone, allowsStarted: body.allowStarted)
        if let name = body.name, !Self.isOrganizationName(name) {
            problems.append(FieldProblem(field: "name", message: Self.organizationNameRule))
        }
        change.accentColor = edit(body.accentColor, "accent_color") { text throws(InvalidValue) in
            try InvalidValue.unless(AccentColor(text), "must be a color like #1a73e8")
        }
        change.logo = edit(body.logo, "logo") { bytes throws(InvalidValue) in
            do throws(Logo.Problem) { return try Logo(bytes) } catch { throw InvalidValue(message: error.message) }
        }
        change.contactEmail = edit(body.contactEmail, "contact_email") { text throws(InvalidValue) in
            try InvalidValue.unless(EmailAddress(text), "must be an email address like info@example.com")
        }
        change.contactPhone = edit(body.contactPhone, "contact_phone") { text throws(InvalidValue) in
            try InvalidValue.unless(
                PhoneNumber(text, minimumDigits: phoneMinimumDigits), "must be + and the country code, digits only, like +12025551234")
        }
        change.website = edit(body.website, "website") { text throws(InvalidValue) in
            try InvalidValue.unless(
                WebsiteURL(text), "must be an address like https://www.example.com/visit of at most \(Limits.websiteBytes) bytes")
        }
        if let days = body.retentionDays {
            // 0 is no number of days but takes the period away.
            if days <= UInt64(Limits.retentionDays) {
                change.retentionDays = days == 0 ? .remove : .set(Int(days))
            } else {
                problems.append(FieldProblem(field: "retention_days", message: "must be 1 to \(Limits.retentionDays), or 0 for ever"))
            }
        }
        guard problems.isEmpty else { throw .refused(.invalidRequest(problems)) }
        return .setOrganization(change)
    }

    private static let organizationNameRule = "must be 1 to \(Limits.organizationNameBytes) bytes without control characters"

    private static func isOrganizationName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= Limits.organizationNameBytes
            && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}

/// Why one value of a request is not accepted.
private struct InvalidValue: Error {
    var message: String

    static func unless<Value>(_ value: Value?, _ message: String) throws(InvalidValue) -> Value {
        guard let value else { throw InvalidValue(message: message) }
        return value
    }
}
