import ReservationCore
import ReservationWire

/// How one organisation is reported. Of its logo the type and the size: a picture is for a page, not for a terminal.
enum OrganizationProfileReport {
    static func report(_ profile: OrganizationProfileResponse, _ session: ControlSession) -> Report {
        session.report(text: { text(profile) }, json: { json(profile) })
    }

    private static func text(_ profile: OrganizationProfileResponse) -> String {
        let logo = profile.logo.map { bytes in
            "\(format(of: bytes)?.rawValue ?? "a format that this program does not know"), \(bytes.count) bytes"
        }
        return TextTable.keyValues([
            ("orq", String(profile.orq)), ("name", profile.name), ("time zone", profile.timeZone),
            ("started slots", profile.allowStarted ? "bookable" : "closed"), ("accent color", profile.accentColor ?? "-"),
            ("logo", logo ?? "-"), ("contact e-mail", profile.contactEmail ?? "-"), ("contact phone", profile.contactPhone ?? "-"),
            ("website", profile.website ?? "-"),
            ("contacts kept", profile.retentionDays.map { "\($0) \($0 == 1 ? "day" : "days") after the visit" } ?? "for ever"),
            ("created", profile.createdAt.iso8601), ("updated", profile.updatedAt.iso8601),
        ])
    }

    /// The registry's names; what the organisation has not been given is absent.
    private static func json(_ profile: OrganizationProfileResponse) -> Report {
        var json = JSONWriter()
        json.beginObject()
        json.member(.orq, profile.orq)
        json.member(.createdAt, UInt64(max(0, profile.createdAt.seconds)))
        json.member(.updatedAt, UInt64(max(0, profile.updatedAt.seconds)))
        json.member(.timeZone, profile.timeZone)
        json.member(.name, profile.name)
        json.key(FieldTag.allowStarted.name)
        json.bool(profile.allowStarted)
        json.member(.accentColor, profile.accentColor)
        if let logo = profile.logo {
            json.key(FieldTag.logo.name)
            json.beginObject()
            json.key("type")
            json.string(format(of: logo)?.mediaType ?? "application/octet-stream")
            json.key("size")
            json.integer(logo.count)
            json.endObject()
        }
        json.member(.contactEmail, profile.contactEmail)
        json.member(.contactPhone, profile.contactPhone)
        json.member(.website, profile.website)
        if let days = profile.retentionDays { json.member(.retentionDays, days) }
        json.endObject()
        return .json(json.buffer)
    }

    /// - Returns: nil for what a newer daemon may accept.
    private static func format(of bytes: [UInt8]) -> Logo.Format? {
        do throws(Logo.Problem) {
            return try Logo(bytes).format
        } catch {
            return nil
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ field: FieldTag, _ value: UInt64) {
        key(field.name)
        integer(value)
    }

    /// Nothing is written for nil.
    fileprivate mutating func member(_ field: FieldTag, _ value: String?) {
        guard let value else { return }
        key(field.name)
        string(value)
    }
}
