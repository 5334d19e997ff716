import NIOCore
import ReservationWire
import Testing

@Suite("JSON")
struct JSONTests {
    @Test(
        "documents are read as RFC 8259 has them",
        arguments: [
            ("null", .null), (" true\n", .bool(true)), ("false", .bool(false)), ("0", .integer(0)),
            ("9007199254740991", .integer(9_007_199_254_740_991)), ("9007199254740992", .otherNumber),
            ("123456789012345678901234567890", .otherNumber), ("-1", .otherNumber), ("-0", .otherNumber), ("1.0", .otherNumber),
            ("1e2", .otherNumber), ("1E+2", .otherNumber), ("0.5e-7", .otherNumber), ("\"\"", .string("")),
            (#""a\"\\\/\b\f\n\r\tb""#, .string("a\"\\/\u{8}\u{C}\n\r\tb")), (#""\u00e9\uD83C\uDF9F\u0000""#, .string("é🎟\u{0}")),
            ("\"é🎟\u{7F}\"", .string("é🎟\u{7F}")), ("[]", .array([])), ("[ 1 , [ ] ]", .array([.integer(1), .array([])])),
        ] as [(String, JSONValue)])
    func documents(text: String, value: JSONValue) throws {
        #expect(try parse(text) == value)
    }

    @Test(
        "what is not JSON is refused",
        arguments: [
            "", " ", "nul", "nulll", "True", "'a'", "01", "-", "-a", "1.", ".5", "1e", "1e+", "+1", "0x1", "NaN", "Infinity", "\"", "\"a",
            "\"\\",
            "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\n\"", "\"\\ud800\\u0041\"", "\"\\udc00\"",
            "\"\\udc00\\udc00\"", "\"\n\"",
            "\"\u{0}\"",
            "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}",
            "{1:1}", "{\"a\" 1}",
            "{\"a\":1 \"b\":2}", "{,}", "1 2", "{}{}", "\u{FEFF}{}", "/**/1", "[1]//", "\u{A0}1",
        ])
    func refusals(text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test("an object keeps the order of its members")
    func order() throws {
        let object = try #require(try parse(#"{"b":1,"a":{"z":null},"c":[true]}"#).object)
        #expect(object.members.map(\.key) == ["b", "a", "c"])
        #expect(object["b"]?.integer == 1)
        #expect(object["a"]?.object?["z"]?.isNull == true)
        #expect(object["c"]?.array?.first?.bool == true)
        #expect(object["d"] == nil)
    }

    @Test("a key given twice is refused, also when it is spelt differently or one of many")
    func duplicateKeys() {
        #expect(throws: JSONError.self) { try parse(#"{"a":1,"a":1}"#) }
        #expect(throws: JSONError.self) { try parse(#"{"a":1,"\u0061":1}"#) }
        #expect(throws: JSONError.self) { try parse(#"{"x":[{"a":1,"b":2,"a":3}]}"#) }
        for count in [11, 12, 13, 14, 500] {
            let keys = (0..<count).map { "\"k\($0)\":0" }
            #expect(throws: Never.self) { try parse("{\(keys.joined(separator: ","))}") }
            for repeated in [0, count / 2, count - 1] {
                #expect(throws: JSONError.self, "\(count) keys") {
                    try parse("{\((keys + ["\"k\(repeated)\":0"]).joined(separator: ","))}")
                }
            }
        }
    }

    @Test("keys are told apart by their bytes, not by what they look like")
    func canonicallyEquivalentKeys() throws {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        #expect(composed == decomposed)
        #expect(try parse("{\"\(composed)\":1,\"\(decomposed)\":2}").object?.members.count == 2)
        let many = (0..<20).map { "\"\($0)\":0," }.joined()
        #expect(try parse("{\(many)\"\(composed)\":1,\"\(decomposed)\":2}").object?.members.count == 22)
    }

    @Test("objects and arrays nest as deep as is allowed and no deeper")
    func depth() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = { (depth: Int) in String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth) }
            #expect(throws: Never.self) { try parse(nested(8)) }
            #expect(throws: JSONError.self) { try parse(nested(9)) }
            #expect(throws: Never.self) { try JSONValue.parse(ByteBuffer(string: nested(20)), maximumDepth: 20) }
        }
        // Deep enough to end the stack of a parser that does not count.
        #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
    }

    @Test("a fault tells its place in the document, counted from the document's first byte")
    func faultOffset() {
        var buffer = ByteBuffer(string: "....{\"a\":x}")
        buffer.moveReaderIndex(forwardBy: 4)
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(buffer) }
        #expect(error == JSONError(reason: "a value is expected", offset: 5))
    }

    @Test(
        "a document is read where it stands in a larger buffer, and nothing around it", arguments: ["tru", "12", "[1", "\"a", "{\"a\":1"])
    func sliceOfBuffer(text: String) throws {
        var buffer = ByteBuffer(string: text + "e3]\"}")
        buffer.moveWriterIndex(to: text.utf8.count)
        if text == "12" {
            #expect(try JSONValue.parse(buffer) == .integer(12))
        } else {
            #expect(throws: JSONError.self) { try JSONValue.parse(buffer) }
        }
    }

    @Test("what is written is compact, in order and escaped no more than it must be")
    func writer() {
        var buffer = ByteBuffer(string: "before ")
        var json = JSONWriter(appendingTo: &buffer)
        json.beginObject()
        json.key("a\n")
        json.beginArray()
        json.integer(UInt64.max)
        json.integer(-5)
        json.null()
        json.beginObject()
        json.endObject()
        json.beginArray()
        json.endArray()
        json.endArray()
        json.key("b")
        json.string("\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}é🎟")
        json.key("c")
        json.bool(true)
        json.endObject()
        json.giveBack(&buffer)
        let expected = #"before {"a\n":[18446744073709551615,-5,null,{},[]],"b":"\"\\/\b\f\n\r\t\u0000\u001f"#
        #expect(String(buffer: buffer) == expected + "\u{7F}é🎟\",\"c\":true}")
    }

    @Test("what is written is read back", arguments: ["", "plain", "\"\\\u{0}\u{1F} \u{7F}\u{80}é\u{2028}🎟\u{10FFFF}"])
    func roundTrip(text: String) throws {
        var json = JSONWriter()
        json.string(text)
        #expect(try JSONValue.parse(json.buffer) == .string(text))
    }

    private func parse(_ text: String) throws -> JSONValue { try JSONValue.parse(ByteBuffer(string: text)) }
}
