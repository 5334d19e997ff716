import NIOCore
import ReservationCore
import ReservationWire

/// The fields of a JSON body, read one by one; what is wrong is gathered, so that a caller hears of everything at once.
struct BodyFields {
    private let object: JSONObject
    private var problems: [FieldProblem] = []

    /// - Throws: INVALID_REQUEST when the body is not one JSON object.
    init(_ bytes: ByteBuffer) throws(PublicFailure) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue.parse(bytes)
        } catch {
            throw .invalidRequest("body", "is not JSON: \(error.reason), after \(error.offset) bytes")
        }
        guard let object = value.object else { throw .invalidRequest("body", "must be a JSON object") }
        self.object = object
    }

    /// A whole number that can be an id.
    mutating func identifier(_ name: String) -> UInt64 {
        guard let value = required(name) else { return 0 }
        guard let number = value.integer, TicketID(number) != nil else {
            problems.append(FieldProblem(field: name, message: "must be a whole number from 1 to \(TicketID.maximum)"))
            return 0
        }
        return number
    }

    mutating func text(_ name: String) -> String {
        guard let value = required(name) else { return "" }
        return string(value, name)
    }

    /// - Returns: nil when the field is missing or null.
    mutating func optionalText(_ name: String) -> String? {
        guard let value = object[name], !value.isNull else { return nil }
        return string(value, name)
    }

    /// - Returns: nil when the field is missing or null.
    mutating func optionalChoice(_ name: String, among words: [String]) -> String? {
        guard let text = optionalText(name) else { return nil }
        // Not a string at all is told already.
        if !text.isEmpty || object[name]?.string != nil, !words.contains(text) {
            problems.append(FieldProblem(field: name, message: "must be one of \(words.joined(separator: ", "))"))
        }
        return text
    }

    /// - Throws: INVALID_REQUEST when any field that was asked for is not usable. Call it before using one.
    func check() throws(PublicFailure) {
        guard problems.isEmpty else { throw .invalidRequest(problems) }
    }

    private mutating func required(_ name: String) -> JSONValue? {
        guard let value = object[name], !value.isNull else {
            problems.append(FieldProblem(field: name, message: "is required"))
            return nil
        }
        return value
    }

    private mutating func string(_ value: JSONValue, _ name: String) -> String {
        guard let text = value.string else {
            problems.append(FieldProblem(field: name, message: "must be a string"))
            return ""
        }
        return text
    }
}
