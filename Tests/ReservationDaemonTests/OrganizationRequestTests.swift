import NIOCore
import ReservationCore
import ReservationWire
import Testing

@testable import ReservationDaemon

@Suite("The form of organization.set")
struct OrganizationRequestTests {
    private func change(_ request: SetOrganizationRequest, phoneMinimumDigits: Int = 7) throws -> OrganizationChange {
        var payload = ByteBuffer()
        Payload.encode(request, as: .tlv, into: &payload)
        let accepted = AcceptedRequest(
            opcode: .organizationSet, requestID: 1, deadlineMilliseconds: 1000, encoding: .tlv, payload: payload)
        let decoder = RequestDecoder(phoneMinimumDigits: phoneMinimumDigits)
        guard case .setOrganization(let change) = try decoder.command(accepted, role: .admin) else { throw LedgerBench.Malformed() }
        return change
    }

    private func problems(_ request: SetOrganizationRequest) throws -> [FieldProblem] {
        do {
            _ = try change(request)
            return []
        } catch RequestDecoder.Problem.refused(.invalidRequest(let problems)) {
            return problems
        }
    }

    @Test("what is absent is left alone, what is empty is taken away, what is there is set in its plain form")
    func edits() throws {
        let nothing = try change(SetOrganizationRequest(orq: 1))
        #expect(nothing.name == nil && nothing.timeZone == nil && nothing.allowsStarted == nil)
        #expect(nothing.accentColor == nil && nothing.logo == nil && nothing.contactEmail == nil)
        #expect(nothing.contactPhone == nil && nothing.website == nil)
        let empty = try change(
            SetOrganizationRequest(orq: 1, accentColor: "", logo: [], contactEmail: "", contactPhone: "", website: ""))
        for isRemoved in [
            empty.accentColor?.value == nil, empty.logo?.value == nil, empty.contactEmail?.value == nil, empty.contactPhone?.value == nil,
            empty.website?.value == nil, empty.accentColor != nil, empty.logo != nil, empty.contactEmail != nil, empty.contactPhone != nil,
            empty.website != nil,
        ] { #expect(isRemoved) }
        let full = try change(
            SetOrganizationRequest(
                orq: 1, accentColor: "#17E", logo: [0xFF, 0xD8, 0xFF], contactEmail: "Info@EXAMPLE.com", contactPhone: "+4930123456",
                website: "HTTPS://EXAMPLE.com"))
        #expect(full.accentColor?.value?.description == "#1177ee")
        #expect(full.logo?.value?.format == .jpeg)
        #expect(full.contactEmail?.value?.text == "Info@example.com")
        #expect(full.contactPhone?.value?.text == "+4930123456")
        #expect(full.website?.value?.text == "https://example.com")
    }

    @Test("every value that cannot be used is named at once, in words that say what can")
    func allProblems() throws {
        let problems = try problems(
            SetOrganizationRequest(
                orq: 1, name: "", accentColor: "red", logo: Array("<svg/>".utf8), contactEmail: "info", contactPhone: "030",
                website: "javascript:alert(1)"))
        #expect(problems.map(\.field) == ["name", "accent_color", "logo", "contact_email", "contact_phone", "website"])
        #expect(problems.map(\.message).allSatisfy { $0.hasPrefix("must be ") })
    }

    @Test("a name that organization.add would refuse is refused", arguments: ["", "a\u{7}b", String(repeating: "é", count: 101)])
    func names(name: String) throws {
        #expect(try problems(SetOrganizationRequest(orq: 1, name: name)).map(\.field) == ["name"])
    }

    @Test("the daemon's rule for telephone numbers holds for the venue's as well")
    func phoneRule() throws {
        let request = SetOrganizationRequest(orq: 1, contactPhone: "+12345")
        #expect(try problems(request).map(\.field) == ["contact_phone"])
        #expect(try change(request, phoneMinimumDigits: 5).contactPhone?.value?.text == "+12345")
    }
}
