import NIOCore
import ReservationWire
import Testing

/// Every message of the registry, written by a codec that knows only the registry, against the code.
@Suite("Messages are what the registry lists")
struct MessageTests {
    let registry: RegistryFile
    let codec: ReverseCodec
    let names: PropertyNames

    init() throws {
        registry = try RegistryFile.load()
        codec = ReverseCodec(registry: registry)
        names = PropertyNames(registry)
    }

    static let messageNames = (try? RegistryFile.load().messageNames) ?? []

    @Test("there is a type for every message of the registry and none besides")
    func catalogueIsComplete() throws {
        #expect(!Self.messageNames.isEmpty)
        #expect(Set(MessageCatalogue.types.keys) == Set(Self.messageNames))
        #expect(MessageCatalogue.operations.map { $0.opcode } == Opcode.allCases)
    }

    @Test("a message's properties are its fields, in the registry's order", arguments: messageNames)
    func propertiesAreFields(message: String) throws {
        let decoded = try decodeJSON(message, codec.sample(message))
        #expect(
            try Mirror(reflecting: decoded).children.map { try names.field($0.label ?? "") } == registry.members(of: message).map(\.name))
    }

    @Test("a fully populated message is read and written field for field in both encodings", arguments: messageNames)
    func fullMessages(message: String) throws {
        try expectAgreement(message, codec.sample(message))
    }

    @Test("a message with nothing but its required fields is read and written in both encodings", arguments: messageNames)
    func minimalMessages(message: String) throws {
        try expectAgreement(message, codec.sample(message, keeping: \.isRequired))
    }

    @Test("a message without one of its required fields is refused, and the refusal names the field", arguments: messageNames)
    func requiredFieldsAreRequired(message: String) throws {
        for missing in try registry.members(of: message) where missing.isRequired {
            let form = try codec.sample(message) { $0 != missing }
            let tlv = try codec.tlv(message, form)
            let json = try codec.json(message, form)
            for (bytes, encoding) in [(tlv, Encoding.tlv), (Array(json.utf8), .json)] {
                let error = #expect(throws: PayloadError.self) { try MessageCatalogue.decode(message, bytes, as: encoding) }
                #expect(error?.field == missing.name)
            }
        }
    }

    private func expectAgreement(_ message: String, _ form: DecodedForm) throws {
        let tlv = try codec.tlv(message, form)
        let json = try codec.json(message, form)
        let fromTLV = try MessageCatalogue.decode(message, tlv, as: .tlv)
        let fromJSON = try MessageCatalogue.decode(message, json.utf8, as: .json)
        #expect(try DecodedForm(reflecting: fromTLV, names: names) == form)
        #expect(try DecodedForm(reflecting: fromJSON, names: names) == form)
        #expect(MessageCatalogue.areEqual(fromTLV, fromJSON))
        #expect(Hex.text(MessageCatalogue.encode(fromJSON, as: .tlv)) == Hex.text(tlv))
        #expect(String(decoding: MessageCatalogue.encode(fromTLV, as: .json), as: UTF8.self) == json)
    }

    private func decodeJSON(_ message: String, _ form: DecodedForm) throws -> any WireMessage {
        try MessageCatalogue.decode(message, codec.json(message, form).utf8, as: .json)
    }
}
