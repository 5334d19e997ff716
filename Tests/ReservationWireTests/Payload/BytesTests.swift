import NIOCore
import ReservationWire
import Testing

@Suite("Fields of type bytes")
struct BytesTests {
    static let lengths = [0, 1, 255, 256, 65_536]

    @Test("any number of bytes, none too, comes back as it was", arguments: lengths, [Encoding.tlv, .json])
    func roundTrip(length: Int, encoding: Encoding) throws {
        let logo = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let message = SetOrganizationRequest(orq: 1, logo: logo, website: "https://example.com")
        let bytes = MessageCatalogue.encode(message, as: encoding)
        let decoded = try Payload.decode(SetOrganizationRequest.self, from: ByteBuffer(bytes: bytes), as: encoding)
        #expect(decoded == message)
    }

    @Test("no bytes are something else than no field")
    func emptyIsNotAbsent() throws {
        let json = ByteBuffer(string: #"{"orq":1,"logo":""}"#)
        let decoded = try Payload.decode(SetOrganizationRequest.self, from: json, as: .json)
        #expect(decoded.logo == [])
        #expect(SetOrganizationRequest(orq: 1).logo == nil)
    }

    @Test("in JSON only pairs of lower-case hexadecimal digits are bytes", arguments: ["0", "ABCD", "0x00", "zz", "ab c", "é0"])
    func notHexadecimal(text: String) {
        let json = ByteBuffer(string: "{\"orq\":1,\"logo\":\"\(text)\"}")
        let error = #expect(throws: PayloadError.self) { try Payload.decode(SetOrganizationRequest.self, from: json, as: .json) }
        #expect(error?.field == "logo")
    }
}
