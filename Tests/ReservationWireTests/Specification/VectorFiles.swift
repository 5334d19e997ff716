import ReservationWire

/// A file of `proto-spec/vectors/` (spec, section 17).
struct VectorFile<Vector: Decodable>: Decodable {
    let description: String
    let vectors: [Vector]

    static func load(_ name: String) throws -> [Vector] {
        try SpecFolder.load(VectorFile<Vector>.self, from: "vectors/\(name).json").vectors
    }
}

/// 64 bits, as a JSON number up to 2^53 − 1 and as a decimal string above.
struct WideInteger: Decodable, Hashable {
    let value: UInt64

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(UInt64.self) {
            value = number
        } else {
            guard let number = UInt64(try container.decode(String.self)) else { throw Hex.MalformedHex() }
            value = number
        }
    }
}

/// One frame of valid.json or accepted.json.
struct FrameVector: Decodable {
    struct Header: Decodable {
        let type: String
        let flags: UInt8
        let opcode: UInt16
        let requestId: WideInteger
        let deadlineMs: UInt32
        let status: UInt16
        let encoding: String
    }

    let name: String
    let from: String
    let hex: String
    let canonicalHex: String?
    let frame: Header
    let message: String?
    let payload: DecodedForm?
    let payloadHex: String?
}

/// Bytes of invalid.json.
struct InvalidVector: Decodable {
    struct Expectation: Decodable {
        let action: String
        let status: String?
        let requestId: WideInteger?
    }

    let name: String
    let state: String
    let hex: String
    let expect: Expectation
}

/// Bytes of events.json.
struct EventVector: Decodable {
    struct Expectation: Decodable {
        let action: String
        let payload: DecodedForm?
    }

    let name: String
    let state: String
    let hex: String
    let expect: Expectation
}

/// A conversation of negotiation.json.
struct NegotiationVector: Decodable {
    struct Server: Decodable {
        let instanceId: String
        let serverName: String
        let role: String
        let maxInFlight: Int
    }

    struct ServerError: Decodable {
        let status: String
        let requestId: WideInteger
    }

    struct Completion: Decodable {
        let requestId: WideInteger
        let hex: String
    }

    struct Step: Decodable {
        let client: String?
        let server: String?
        let serverError: ServerError?
        let complete: Completion?
        let drain: Bool?
        let close: Bool?
    }

    let name: String
    let server: Server
    let steps: [Step]
}
