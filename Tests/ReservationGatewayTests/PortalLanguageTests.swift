import Testing

@testable import ReservationGateway

@Suite("The language of the page")
struct PortalLanguageTests {
    @Test(
        "is the browser's best that we have, by its q-values",
        arguments: [
            ("de", "de"), ("de-AT,en;q=0.5", "de"), ("en;q=0.5, fr-CA", "fr"), ("it, es;q=0.4, fr;q=0.3", "es"), ("de;q=0, en", "en"),
            ("DE-at", "de"), ("en;q=0.3,de ; q=0.8", "de"), ("fr;q=0.7,de;q=0.7", "fr"), ("", "en"), ("it", "en"), ("*", "en"),
            (";;,q=1,,", "en"),
            ("de;q=nonsense", "en"),
        ])
    func accepted(header: String, language: String) {
        #expect(PortalLanguage.choose(parameters: [], accepted: [header]).rawValue == language)
    }

    @Test("is the visitor's choice before that, if it is one")
    func chosen() {
        #expect(PortalLanguage.choose(parameters: ["fr"], accepted: ["de"]) == .french)
        #expect(PortalLanguage.choose(parameters: ["xx"], accepted: ["de"]) == .german)
    }

    @Test("several fields of the header are one list")
    func severalFields() {
        #expect(PortalLanguage.choose(parameters: [], accepted: ["en;q=0.1", "es"]) == .spanish)
    }

    @Test("a header of any length costs little")
    func longHeader() {
        #expect(PortalLanguage.choose(parameters: [], accepted: [String(repeating: "xx,", count: 5000) + "de"]) == .english)
    }
}

@Suite("Compression for browsers")
struct GzipTests {
    @Test(
        "is used only when asked for",
        arguments: [
            ("gzip, deflate, br", true), ("br;q=1.0, gzip;q=0.8", true), ("*", true), ("GZIP", true), ("", false), ("identity", false),
            ("gzip;q=0", false), ("gzip; q=0.0, br", false), ("br", false),
        ])
    func accepted(header: String, expected: Bool) {
        #expect(Gzip.isAccepted([header]) == expected)
    }
}
