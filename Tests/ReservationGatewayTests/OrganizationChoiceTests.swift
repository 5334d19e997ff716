import ReservationCore
import Testing

@testable import ReservationGateway

@Suite("Which organization a request is about")
struct OrganizationChoiceTests {
    private let configuration = GatewayConfiguration(
        defaultOrganization: .number(1), organizationHosts: ["museum.example": .number(7), "[::1]": .number(8)])

    private func choose(_ target: String = "/", host: String? = nil, header: [String] = []) throws(PublicFailure) -> Int64 {
        var headers = RequestHeaders()
        for value in header { headers.add("x-orq", value) }
        return try OrganizationChoice.choose(host: host, target: RequestTarget(target), headers: headers, configuration: configuration)
            .rawValue
    }

    @Test("the host's organization outweighs the query, the query the header, the header the default")
    func order() throws {
        #expect(try choose() == 1)
        #expect(try choose(host: "other.example") == 1)
        #expect(try choose(header: ["3"]) == 3)
        #expect(try choose("/?orq=2", header: ["3"]) == 2)
        #expect(try choose("/?orq=2", host: "museum.example", header: ["3"]) == 7)
        #expect(try choose("/?orq=x", host: "museum.example") == 7)
    }

    @Test(
        "host names are compared without case, port and final dot",
        arguments: ["museum.example", "Museum.Example", "museum.example:8080", "museum.example.", "MUSEUM.example.:80"])
    func hostNames(host: String) throws {
        #expect(try choose(host: host) == 7)
    }

    @Test("an address of version 6 may be a host; an absolute target outweighs the header")
    func unusualHosts() throws {
        #expect(try choose(host: "[::1]:8080") == 8)
        #expect(try choose("http://museum.example/x", host: "other.example") == 7)
        #expect(try choose("http://other.example/x", host: "museum.example") == 1)
    }

    @Test(
        "what is no organization's number is INVALID_REQUEST",
        arguments: ["x", "", "0", "-1", "+1", "1.0", "1e3", " 1", "9007199254740992", "99999999999999999999"])
    func notANumber(text: String) throws {
        let query = text.replacing("+", with: "%2B").replacing(" ", with: "%20")
        let parameter = #expect(throws: PublicFailure.self) { try choose("/?orq=\(query)") }
        #expect(parameter?.validationErrors.first?.field == "orq")
        #expect(parameter?.status.http == 400)
        let header = #expect(throws: PublicFailure.self) { try choose(header: [text]) }
        #expect(header?.validationErrors.first?.field == "X-Orq")
    }

    @Test("two numbers are none")
    func twice() {
        #expect(throws: PublicFailure.self) { try choose("/?orq=1&orq=2") }
        #expect(throws: PublicFailure.self) { try choose(header: ["1", "1"]) }
    }
}
