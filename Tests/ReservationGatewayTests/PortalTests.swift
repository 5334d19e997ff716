import NIOCore
import ReservationClient
import ReservationCore
import ReservationWire
import Testing

@testable import ReservationGateway

@Suite("The portal's page")
struct PortalTests {
    private static func venue(
        name: String = "City Museum", accentColor: String? = "#1a5fb4", logo: [UInt8]? = [0x89, 0x50, 0x4E, 0x47], email: String? = nil
    ) -> OrganizationProfileResponse {
        OrganizationProfileResponse(
            orq: 1, createdAt: Instant(seconds: 0), updatedAt: Instant(seconds: 0), timeZone: "Europe/Berlin", name: name,
            allowStarted: false,
            accentColor: accentColor, logo: logo, contactEmail: email, contactPhone: "+493012345", website: "https://museum.example.com")
    }

    private func doorstep(_ venue: OrganizationProfileResponse = venue()) -> Doorstep { Doorstep(.answer(venue)) }

    @Test("is HTML that may run and load only what this gateway serves, and that is never used without asking")
    func headers() async throws {
        let reply = try await doorstep().get("/reserve")
        #expect(reply.status == 200)
        let fields = Dictionary(uniqueKeysWithValues: ReplyHeaders.list(reply, id: "i", date: "d").map { ($0.name, $0.value) })
        #expect(fields["content-type"] == "text/html; charset=utf-8")
        #expect(fields["cache-control"] == "no-cache")
        #expect(fields["vary"] == "accept-encoding, accept-language")
        #expect(fields["referrer-policy"] == "no-referrer")
        let policy = try #require(fields["content-security-policy"])
        #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'self'") && !policy.contains("unsafe"))
    }

    @Test("speaks the visitor's language", arguments: PortalLanguage.allCases)
    func language(language: PortalLanguage) async throws {
        let accepted = try await doorstep().get("/reserve", headers: [("accept-language", "\(language.rawValue)-XX,en;q=0.1")])
        let chosen = try await doorstep().get("/reserve?lang=\(language.rawValue)", headers: [("accept-language", "en")])
        #expect(accepted.text.contains("<html lang=\"\(language.rawValue)\""))
        #expect(chosen.text == accepted.text)
        #expect(chosen.text.contains("\"lang\":\"\(language.rawValue)\""))
    }

    @Test("leaves no place of the template empty, and takes everything from its own folder")
    func template() async throws {
        let text = try await doorstep().get("/reserve").text
        #expect(!text.contains("{{") && !text.contains("}}"))
        #expect(text.contains("\(PageFiles.folder)/portal.css") && text.contains("\(PageFiles.folder)/portal.js"))
        let others = text.ranges(of: "https://").map { text[$0.upperBound...].prefix { $0 != "\"" && $0 != "<" && $0 != "/" } }
        #expect(others.allSatisfy { $0 == "museum.example.com" })
    }

    @Test(
        "shows a venue's name as it is, whatever is in it",
        arguments: ["<script>alert(1)</script>", "\"'&\"", "</script><!--", "{{data}}", "日本 🎟"])
    func name(name: String) async throws {
        let text = try await doorstep(Self.venue(name: name)).get("/reserve").text
        #expect(text.contains(HTMLText.escape(name)))
        let scripts = text.ranges(of: "<script").count
        #expect(text.ranges(of: "</script>").count == scripts && !text.contains("<!--"))
        let begin = try #require(text.firstRange(of: "id=\"data\">")).upperBound
        let data = text[begin...].prefix { $0 != "<" }
        let object = try #require(try JSONValue.parse(ByteBuffer(string: String(data))).object)
        #expect(object["organization"] == .string(name))
        #expect(object["time_zone"] == .string("Europe/Berlin"))
    }

    @Test("does not repeat what is in the address")
    func address() async throws {
        let text = try await doorstep().get("/reserve?ticket=TKT-2026-QQQ777-WWW999&lang=%3Cb%3E&x=%22onload").text
        #expect(!text.contains("QQQ777") && !text.contains("<b>") && !text.contains("onload"))
        #expect(text == (try await doorstep().get("/reserve").text))
    }

    @Test("its files are kept for ever under the name of their content, and not at all under another")
    func assets() async throws {
        for name in PageFiles.assets.keys {
            let reply = try await doorstep().get("\(PageFiles.folder)/\(name)")
            #expect(reply.status == 200)
            #expect(reply.caching == .immutable)
            let old = try await doorstep().get("/reserve/assets/0123456789abcdef/\(name)")
            #expect(old.body == reply.body)
            #expect(old.caching == .forbidden)
        }
        #expect(try await doorstep().get("\(PageFiles.folder)/reserve.html").status == 404)
        #expect(try await doorstep().get("\(PageFiles.folder)/../portal.js").status == 404)
    }

    @Test("goes out compressed to those who can read that")
    func compressed() async throws {
        for path in ["/reserve", "\(PageFiles.folder)/portal.js"] {
            let plain = try await doorstep().get(path)
            let compressed = try await doorstep().get(path, headers: [("accept-encoding", "gzip, br")])
            #expect(!plain.isCompressed && compressed.isCompressed)
            #expect(compressed.body.readableBytes < plain.body.readableBytes)
            #expect(Array(compressed.body.readableBytesView.prefix(2)) == [0x1F, 0x8B])
            #expect(ReplyHeaders.list(compressed, id: "i", date: "d").contains { $0.name == "content-encoding" && $0.value == "gzip" })
        }
    }

    @Test("weighs at most 60 KiB with all its parts and languages, and says the same things in each")
    func weight() throws {
        let parts = PageFiles.assets.values.reduce(PageFiles.template.utf8.count) { $0 + $1.bytes.readableBytes }
        let strings = PageFiles.strings.values.reduce(0) { $0 + $1.count }
        #expect(parts + strings <= 61_440)
        let keys = try PortalLanguage.allCases.map { language in
            let object = try #require(try JSONValue.parse(ByteBuffer(bytes: PageFiles.strings[language] ?? [])).object)
            #expect(object.members.allSatisfy { !($0.value.string ?? "").isEmpty })
            return Set(object.members.map(\.key))
        }
        #expect(keys.allSatisfy { $0 == keys[0] })
        #expect(
            keys[0].isSuperset(of: ["page_title", "noscript", "outage_title", "outage_text", "unknown_venue_title", "unknown_venue_text"]))
    }

    @Test("has the venue's colour and logo, under names that change with them")
    func themeAndLogo() async throws {
        let venue = OrganizationProfile(Self.venue())
        let text = try await doorstep().get("/reserve").text
        #expect(text.contains(HTMLText.escape(venue.themeAddress)))
        let theme = try await doorstep().get(venue.themeAddress)
        #expect(theme.content == .css && theme.caching == .immutable && theme.text.contains("--accent:#1a5fb4"))
        let logo = try await doorstep().get(try #require(venue.logoAddress))
        #expect(logo.content == .png && logo.caching == .immutable && Array(logo.body.readableBytesView) == [0x89, 0x50, 0x4E, 0x47])
        #expect(try await doorstep().get("/reserve/logo/other?orq=1").caching == .forbidden)
        #expect(OrganizationProfile(Self.venue(accentColor: "#a51d2d")).themeAddress != venue.themeAddress)
        let plain = doorstep(Self.venue(accentColor: nil, logo: nil))
        #expect(try await plain.get("/reserve/logo/none").status == 404)
        #expect(try await !plain.get("/reserve").text.contains("<img class=\"logo\""))
    }

    @Test("the front door leads to it, with what was understood of the address and nothing else")
    func frontDoor() async throws {
        let plain = try await doorstep().get("/")
        #expect(plain.status == 303 && plain.location == "/reserve")
        let full = try await doorstep().get("/?ticket=tkt-2025-abc123-def456&lang=de&orq=2&x=%0d%0aSet-Cookie:a")
        #expect(full.location == "/reserve?ticket=TKT-2025-ABC123-DEF456&orq=2&lang=de")
        #expect(try await doorstep().get("/?ticket=%0d%0aX:1&orq=a&lang=xx").location == "/reserve")
    }

    @Test("without the daemon it says that it comes back; where there is no venue, it says that")
    func notices() async throws {
        let outage = try await Doorstep(.fail(ClientError(code: .unreachable, message: ""))).get(
            "/reserve", headers: [("accept-language", "de")])
        #expect(outage.status == 503 && outage.content == .html && outage.retryAfter == 1)
        #expect(outage.text.contains("http-equiv=\"refresh\"") && outage.text.contains("<html lang=\"de\">"))
        let unknown = try await Doorstep(.refuse(.organizationNotFound, ErrorReply(message: "none"))).get("/reserve?orq=9")
        #expect(unknown.status == 404 && unknown.content == .html && !unknown.text.contains("http-equiv"))
    }

    @Test("a venue's record is asked for once in some seconds, and outlives the daemon")
    func profiles() async throws {
        let profiles = OrganizationProfiles()
        let venue = OrganizationProfile(Self.venue())
        var reads = 0
        _ = try await profiles.find(1, now: 0) { isReplaceable in
            reads += 1
            #expect(!isReplaceable)
            return .success(venue)
        }
        _ = try await profiles.find(1, now: 4) { _ in
            reads += 1
            return .success(venue)
        }
        #expect(reads == 1)
        let kept = try await profiles.find(1, now: 6) { isReplaceable in
            #expect(isReplaceable)
            return .failure(.unavailable)
        }
        #expect(kept.name == venue.name)
        await #expect(throws: PublicFailure.self) {
            try await profiles.find(1, now: 20) { _ in .failure(PublicFailure(.organizationNotFound, ErrorReply(message: "none"), of: nil))
            }
        }
        await #expect(throws: PublicFailure.self) { try await profiles.find(1, now: 21) { _ in .failure(.unavailable) } }
    }
}

@Suite("GET /api/reservation-slots/months and /events")
struct MonthsTests {
    @Test("months come in the contract's form")
    func months() async throws {
        let answer = SlotMonthsResponse(
            date: CalendarDate(year: 2026, month: 11, day: 25)!, timeZone: "Europe/Berlin",
            months: [MonthSummary(month: "2026-11", availableCount: 9043, slotCount: 120)])
        let door = Doorstep(.answer(answer))
        let reply = try await door.get("/api/reservation-slots/months?orq=2")
        #expect(
            reply.text
                == #"{"success":true,"data":[{"month":"2026-11","total_slots":120,"available_count":9043}],"metadata":{"time_zone":"Europe/Berlin","today":"2026-11-25"}}"#
        )
        #expect((door.ledger.requests.first as? SlotMonthsRequest)?.orq == 2)
    }

    @Test("events want one month", arguments: ["", "?month=", "?month=2026-13", "?month=2026-11&month=2026-12"])
    func noMonth(query: String) async throws {
        let reply = try await Doorstep(.answer(HealthResponse(writable: true))).get("/api/reservation-slots/events\(query)")
        #expect(reply.status == 400 && reply.fields == ["month"])
    }
}
