import NIOCore

/// The files of the portal's page, which are part of this program.
enum PageFiles {
    /// The page itself, with places for what differs between visitors; see ``PortalPages``.
    static let template = String(decoding: PackageResources.reserve_html, as: UTF8.self)

    /// What the page loads, by name.
    static let assets: [String: PageFile] = Dictionary(
        uniqueKeysWithValues: [
            PageFile("portal.css", .css, PackageResources.portal_css),
            PageFile("icon.svg", .svg, PackageResources.icon_svg),
            PageFile("api.js", .javascript, PackageResources.api_js),
            PageFile("calendar.js", .javascript, PackageResources.calendar_js),
            PageFile("confirm.js", .javascript, PackageResources.confirm_js),
            PageFile("contact.js", .javascript, PackageResources.contact_js),
            PageFile("done.js", .javascript, PackageResources.done_js),
            PageFile("ics.js", .javascript, PackageResources.ics_js),
            PageFile("live.js", .javascript, PackageResources.live_js),
            PageFile("places.js", .javascript, PackageResources.places_js),
            PageFile("portal.js", .javascript, PackageResources.portal_js),
            PageFile("problems.js", .javascript, PackageResources.problems_js),
            PageFile("slots.js", .javascript, PackageResources.slots_js),
            PageFile("state.js", .javascript, PackageResources.state_js),
            PageFile("steps.js", .javascript, PackageResources.steps_js),
            PageFile("text.js", .javascript, PackageResources.text_js),
            PageFile("ticket.js", .javascript, PackageResources.ticket_js),
            PageFile("time.js", .javascript, PackageResources.time_js),
        ].map { ($0.name, $0) })

    /// Strings of the page, by language: JSON.
    static let strings: [PortalLanguage: [UInt8]] = [
        .english: PackageResources.en_json, .german: PackageResources.de_json, .spanish: PackageResources.es_json,
        .french: PackageResources.fr_json,
    ]

    /// Names the assets together: they load each other by relative addresses, so they share a folder, and its name is this.
    static let hash: String = {
        var hash = ContentHash()
        for name in assets.keys.sorted() { hash.add((assets[name]?.bytes.readableBytesView).map(Array.init) ?? []) }
        return hash.text
    }()

    static let folder = Route.asset.rawValue + hash

    /// The scripts, for the header `Link` (RFC 8288): the browser fetches them together instead of each when another asks for it.
    static let preloads = assets.values.filter { $0.content == .javascript }.map(\.name).sorted()
        .map { "<\(folder)/\($0)>; rel=modulepreload" }.joined(separator: ", ")
}

/// A file as browsers get it.
struct PageFile: Sendable {
    let name: String
    let content: ContentType
    let bytes: ByteBuffer
    let compressed: ByteBuffer?

    init(_ name: String, _ content: ContentType, _ bytes: [UInt8]) {
        self.name = name
        self.content = content
        self.bytes = ByteBuffer(bytes: bytes)
        self.compressed = content.isCompressible ? Gzip.compress(self.bytes) : nil
    }

    /// - Parameter isCompressible: see ``Gzip/isAccepted(_:)``.
    func reply(caching: Reply.Caching, isCompressible: Bool) -> Reply {
        let compressed = isCompressible ? compressed : nil
        var reply = Reply(success: compressed ?? bytes, content: content)
        reply.caching = caching
        reply.isCompressed = compressed != nil
        return reply
    }
}
