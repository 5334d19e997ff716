import Foundation
import NIOCore
import ReservationCore
import ReservationWire
import Testing

@testable import ReservationControl

@Suite("organization set and show", .timeLimit(.minutes(1)))
struct OrganizationProfileTests {
    static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
    static let profile = OrganizationProfileResponse(
        orq: 7, createdAt: Instant(seconds: 1_763_000_000), updatedAt: Instant(seconds: 1_763_000_060), timeZone: "Europe/Berlin",
        name: "Zoo", allowStarted: true, accentColor: "#1a73e8", logo: png, contactEmail: "info@example.com",
        contactPhone: "+4930123456", website: "https://example.com/visit")

    @Test("what was typed is asked for in its plain form, and nothing else")
    func request() throws {
        let request = try request([
            "--accent-color", "#17E", "--contact-email", "Info@Example.COM", "--contact-phone", "+4930123456", "--website",
            "HTTPS://Example.com/Visit", "--no-allow-started",
        ])
        #expect(
            request
                == SetOrganizationRequest(
                    orq: 7, allowStarted: false, accentColor: "#1177ee", contactEmail: "Info@example.com", contactPhone: "+4930123456",
                    website: "https://example.com/Visit"))
        #expect(
            try self.request(["--name", "Zoo", "--time-zone", "UTC", "--allow-started"])
                == SetOrganizationRequest(orq: 7, timeZone: "UTC", name: "Zoo", allowStarted: true))
    }

    @Test("--clear takes away, several at once; --name and --time-zone cannot go")
    func clearing() throws {
        let request = try request(
            ["--clear", "logo", "--clear", "website", "--clear", "accent-color", "--clear", "contact-email", "--clear", "contact-phone"])
        #expect(
            request
                == SetOrganizationRequest(orq: 7, accentColor: "", logo: [], contactEmail: "", contactPhone: "", website: ""))
        #expect(try self.request(["--clear", "logo", "--clear", "logo"]) == SetOrganizationRequest(orq: 7, logo: []))
    }

    @Test(
        "what makes no sense is refused before anything is asked",
        arguments: [
            ([], "there is nothing to set"), (["--accent-color", "red"], "--accent-color is “red”: it must be a color like #1a73e8"),
            (["--contact-email", "info"], "--contact-email is “info”"), (["--contact-phone", "030 123"], "--contact-phone is “030 123”"),
            (["--website", "javascript:alert(1)"], "--website is “javascript:alert(1)”"), (["--website", ""], "--website is “”"),
            (["--clear", "name"], "--clear is “name”: it must be accent-color, logo, contact-email, contact-phone or website"),
            (["--website", "https://example.com", "--clear", "website"], "--website and --clear website contradict each other"),
        ])
    func refused(extra: [String], message: String) {
        let failure = #expect(throws: ControlFailure.self) { try request(extra) }
        #expect(failure?.kind == .usage)
        #expect(failure?.message.hasPrefix(message) == true, "\(failure?.message ?? "")")
    }

    @Test("the environment changes no organization")
    func environment() throws {
        let options = OptionReader(
            environment: ControlEnvironment(["RESERVATION_ORGANIZATION_NAME": "Other", "RESERVATION_ORGANIZATION_WEBSITE": "x"]),
            noun: "organization")
        let command = try command(["--contact-email", "info@example.com"])
        #expect(try command.request(options) == SetOrganizationRequest(orq: 7, contactEmail: "info@example.com"))
    }

    @Test("a logo is sent as the file is")
    func logo() throws {
        let picture = Self.png + [UInt8](repeating: 9, count: 40_000)
        try withFile(picture) { path throws in
            #expect(try request(["--logo", path]) == SetOrganizationRequest(orq: 7, logo: picture))
        }
    }

    @Test(
        "a file that is no logo is refused, and the line says what is accepted",
        arguments: [
            (Array("<svg/>".utf8), "none of them, nor is SVG accepted"), ([], "none of them"),
            (png + [UInt8](repeating: 9, count: 65_536), "this one has 65552"),
        ])
    func badLogo(bytes: [UInt8], words: String) throws {
        try withFile(bytes) { path in
            let failure = #expect(throws: ControlFailure.self) { try request(["--logo", path]) }
            #expect(failure?.kind == .badData)
            let message = failure?.message ?? ""
            #expect(
                message.hasPrefix("\(path): must be a PNG, JPEG or WebP file of at most 65536 bytes") && message.contains(words),
                "\(message)")
        }
    }

    @Test("a logo that is not there, or a folder, is exit 66", arguments: ["/nonexistent/logo.png", "/"])
    func noLogo(path: String) {
        let failure = #expect(throws: ControlFailure.self) { try request(["--logo", path]) }
        #expect(failure?.kind == .noInput)
    }

    @Test("an organization is shown with type and size of its logo, as text and as one JSON document", arguments: ["show", "set"])
    func report(verb: String) async throws {
        let daemon = try await AnsweringDaemon.start { _ in .answer(Self.profile) }
        let words = verb == "show" ? ["organization", "show", "7"] : ["organization", "set", "7", "--name", "Zoo"]
        let text = await daemon.run(words)
        #expect(
            text.text == """
                orq:            7
                name:           Zoo
                time zone:      Europe/Berlin
                started slots:  bookable
                accent color:   #1a73e8
                logo:           PNG, 16 bytes
                contact e-mail: info@example.com
                contact phone:  +4930123456
                website:        https://example.com/visit
                contacts kept:  for ever
                created:        2025-11-13T02:13:20Z
                updated:        2025-11-13T02:14:20Z

                """)
        let json = await daemon.run(words + ["--json"])
        #expect(
            json.text == """
                {"orq":7,"created_at":1763000000,"updated_at":1763000060,"time_zone":"Europe/Berlin","name":"Zoo","allow_started":true,\
                "accent_color":"#1a73e8","logo":{"type":"image/png","size":16},"contact_email":"info@example.com",\
                "contact_phone":"+4930123456","website":"https://example.com/visit"}

                """)
        #expect(daemon.requests.map(\.opcode) == Array(repeating: verb == "show" ? .organizationGet : .organizationSet, count: 2))
        try await daemon.stop()
    }

    @Test("what an organization has not been given is a dash in text and absent in JSON, and its name cannot command the terminal")
    func bare() async throws {
        var bare = OrganizationProfileResponse(
            orq: 7, createdAt: Instant(seconds: 0), updatedAt: Instant(seconds: 0), timeZone: "UTC", name: "Z\u{1B}[2J",
            allowStarted: false)
        bare.logo = [1, 2, 3]
        let answer = bare
        let daemon = try await AnsweringDaemon.start { _ in .answer(answer) }
        let text = await daemon.run("organization", "show", "7").text
        #expect(text.contains("name:           Z\\u{1b}[2J\n"))
        #expect(text.contains("accent color:   -\n") && text.contains("website:        -\n"))
        #expect(text.contains("logo:           a format that this program does not know, 3 bytes\n"))
        let json = await daemon.run("organization", "show", "7", "--json").text
        #expect(json.contains(#""name":"Z\u001b[2J","allow_started":false,"logo":{"type":"application/octet-stream","size":3}}"#))
        try await daemon.stop()
    }

    // MARK: -

    private func command(_ extra: [String]) throws -> SetOrganizationCommand {
        try #require(try ReservationCommand.parseAsRoot(["organization", "set", "7"] + extra) as? SetOrganizationCommand)
    }

    private func request(_ extra: [String]) throws -> SetOrganizationRequest {
        try command(extra).request(OptionReader(environment: ControlEnvironment([:]), noun: "organization"))
    }

    private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "logo-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try body(file.path)
    }
}
