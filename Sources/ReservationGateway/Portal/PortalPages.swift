import NIOCore
import ReservationWire
import Synchronization

/// The page, filled in for an organisation and a language, and kept until the organisation's record changes.
final class PortalPages: Sendable {
    private struct Key: Hashable {
        let organization: UInt64
        let language: PortalLanguage
    }

    private let phoneMinimumDigits: Int
    private let kept = Mutex<[Key: (version: String, page: PageFile)]>([:])

    init(phoneMinimumDigits: Int) {
        self.phoneMinimumDigits = phoneMinimumDigits
    }

    func page(_ profile: OrganizationProfile, _ language: PortalLanguage) -> PageFile {
        let key = Key(organization: profile.id, language: language)
        if let kept = kept.withLock({ $0[key] }), kept.version == profile.version { return kept.page }
        let page = PageFile("reserve.html", .html, Array(render(profile, language).utf8))
        kept.withLock { $0[key] = (profile.version, page) }
        return page
    }

    /// What is said instead of the page, when there is no record to fill it in with. The raw value begins the sentences' keys.
    enum Notice: String {
        /// The daemon cannot be reached; the browser asks again by itself.
        case outage
        case unknownVenue = "unknown_venue"
    }

    static func text(of notice: Notice, _ language: PortalLanguage) -> ByteBuffer {
        let strings = PortalStrings.of(language)
        let title = HTMLText.escape(strings.sentence("\(notice.rawValue)_title"))
        let refresh = notice == .outage ? "<meta http-equiv=\"refresh\" content=\"10\">\n" : ""
        return ByteBuffer(
            string: """
                <!doctype html>
                <html lang="\(language.rawValue)">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                \(refresh)<title>\(title)</title>
                <link rel="stylesheet" href="\(PageFiles.folder)/portal.css">
                <main class="notice">
                <h1>\(title)</h1>
                <p>\(HTMLText.escape(strings.sentence("\(notice.rawValue)_text")))</p>
                </main>

                """)
    }

    // MARK: filling in

    private func render(_ profile: OrganizationProfile, _ language: PortalLanguage) -> String {
        let strings = PortalStrings.of(language)
        let values = [
            "lang": language.rawValue,
            "title": HTMLText.escape(strings.sentence("page_title", organization: profile.name)),
            "organization": HTMLText.escape(profile.name),
            "assets": PageFiles.folder,
            "theme": HTMLText.escape(profile.themeAddress),
            "noscript": HTMLText.escape(strings.sentence("noscript", organization: profile.name)),
            "contact": Self.contact(profile),
            "logo": profile.logoAddress.map { "<img class=\"logo\" src=\"\(HTMLText.escape($0))\" alt=\"\">" } ?? "",
            "data": HTMLText.escapeJSON(data(profile, language)),
            "strings": HTMLText.escapeJSON(strings.json),
        ]
        return Self.fill(PageFiles.template, values)
    }

    /// Puts values in the places `{{name}}`. What a value contains is not looked at again.
    static func fill(_ template: String, _ values: [String: String]) -> String {
        var filled = ""
        var rest = template[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            filled += rest[..<open.lowerBound]
            filled += values[String(rest[open.upperBound..<close.lowerBound])] ?? ""
            rest = rest[close.upperBound...]
        }
        return filled + rest
    }

    /// Links to the venue.
    private static func contact(_ profile: OrganizationProfile) -> String {
        var links: [String] = []
        if let email = profile.email { links.append(link("mailto:\(email)", email)) }
        if let phone = profile.phone { links.append(link("tel:\(phone)", phone)) }
        if let website = profile.website {
            links.append(link(website, website.replacing("https://", with: "").replacing("http://", with: "")))
        }
        return links.joined(separator: " ")
    }

    private static func link(_ address: String, _ text: String) -> String {
        "<a href=\"\(HTMLText.escape(address))\">\(HTMLText.escape(text))</a>"
    }

    /// What the page's scripts go by.
    private func data(_ profile: OrganizationProfile, _ language: PortalLanguage) -> String {
        var json = JSONWriter()
        json.beginObject()
        json.key("orq")
        json.integer(profile.id)
        json.key("organization")
        json.string(profile.name)
        json.key("lang")
        json.string(language.rawValue)
        json.key("languages")
        json.beginArray()
        for language in PortalLanguage.allCases { json.string(language.rawValue) }
        json.endArray()
        json.key("time_zone")
        json.string(profile.timeZone)
        json.key("assets")
        json.string(PageFiles.folder)
        json.key("contact")
        json.beginObject()
        for (name, value) in [("email", profile.email), ("phone", profile.phone), ("website", profile.website)] {
            guard let value else { continue }
            json.key(name)
            json.string(value)
        }
        json.endObject()
        json.key("allow_started")
        json.bool(profile.allowsStarted)
        json.key("phone_minimum_digits")
        json.integer(phoneMinimumDigits)
        json.endObject()
        return String(buffer: json.buffer)
    }
}
