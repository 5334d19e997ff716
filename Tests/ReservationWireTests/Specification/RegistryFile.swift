/// `proto-spec/registry.json`, read by its own means: nothing here comes from the code under test.
struct RegistryFile: Decodable {
    struct Field: Decodable {
        let tag: UInt16
        let name: String
        let type: String
        let critical: Bool?
        let repeated: Bool?
    }

    struct Operation: Decodable {
        let opcode: UInt16
        let name: String
        let role: String
        let request: [String]
        let response: [String]
    }

    struct Status: Decodable {
        let status: UInt16
        let name: String
    }

    /// One field as a message lists it: `name`, `name?`, `name*`, with `:message` where messages nest.
    struct Member: Hashable {
        let name: String
        let isOptional: Bool
        let isRepeated: Bool
        let message: String?

        var isRequired: Bool { !isOptional && !isRepeated }

        init(_ line: String) {
            let parts = line.split(separator: ":", maxSplits: 1)
            let head = parts[0]
            isOptional = head.hasSuffix("?")
            isRepeated = head.hasSuffix("*")
            name = String(isOptional || isRepeated ? head.dropLast() : head)
            message = parts.count == 2 ? String(parts[1]) : nil
        }
    }

    let magic: String
    let version: UInt64
    let limits: [String: UInt64]
    let frameTypes: [String: UInt8]
    let flags: [String: UInt8]
    let encodings: [String: UInt8]
    let fields: [Field]
    let messages: [String: [String]]
    let operations: [Operation]
    let statusClasses: [String: String]
    let statuses: [Status]

    static func load() throws -> RegistryFile { try SpecFolder.load(RegistryFile.self, from: "registry.json") }

    func field(_ name: String) throws -> Field {
        guard let field = fields.first(where: { $0.name == name }) else { throw Unknown(name: name) }
        return field
    }

    /// Names of all messages, operations' own included: `slot`, `reservation.create.request`.
    var messageNames: [String] {
        messages.keys.sorted() + operations.flatMap { ["\($0.name).request", "\($0.name).response"] }
    }

    func members(of message: String) throws -> [Member] {
        if let lines = messages[message] { return lines.map(Member.init) }
        for operation in operations {
            if message == "\(operation.name).request" { return operation.request.map(Member.init) }
            if message == "\(operation.name).response" { return operation.response.map(Member.init) }
        }
        throw Unknown(name: message)
    }

    struct Unknown: Error {
        let name: String
    }
}
