import Testing

@testable import ReservationControl

@Suite("reading comma-separated values")
struct CSVReaderTests {
    @Test(
        "what RFC 4180 allows, and a few harmless things beside",
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
            ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
            ("\u{FEFF}a,b\n", [["a", "b"]]),
            ("", []),
            ("\u{FEFF}", []),
            ("\n\r\n\n", []),
            ("a\n\n\r\nb\n", [["a"], ["b"]]),
            (",\n", [["", ""]]),
            ("a,\n", [["a", ""]]),
            ("a,", [["a", ""]]),
            ("\"a\",\"b\"\n", [["a", "b"]]),
            ("\"a\"\"b\",\"\"\n", [["a\"b", ""]]),
            ("\"\"\"\"", [["\""]]),
            ("\"a,b\",c", [["a,b", "c"]]),
            ("\"a\nb\r\nc\",d\r\ne,f", [["a\nb\r\nc", "d"], ["e", "f"]]),
            (" a , b \n", [[" a ", " b "]]),
            ("ä,動\n", [["ä", "動"]]),
            ("a\tb,c\n", [["a\tb", "c"]]),
        ])
    func valid(text: String, records: [[String]]) throws {
        #expect(try read(text).map(\.fields) == records)
        // However the bytes come: one by one, and with block borders in every place.
        for size in 1...5 { #expect(try read(text, blocks: size).map(\.fields) == records) }
    }

    @Test(
        "what is not CSV is named with its line",
        arguments: [
            ("a\nb\"c\n", 2, "quote inside a field"),
            ("a\n\"b\"c\n", 2, "follows the closing quote"),
            ("a\n\"b\n\n", 2, "is not closed"),
            ("a\rb\n", 1, "carriage return"),
            ("a\n\u{0}b\n", 2, "control character"),
            ("a\n\u{1B}[2J\n", 2, "control character"),
            ("\"a\n\n\",b\n\"c\"d", 4, "follows the closing quote"),
        ])
    func invalid(text: String, line: Int, message: String) {
        for size in [1, 3, 65_536] {
            let fault = fault(in: Array(text.utf8), blocks: size)
            #expect(fault?.line == line)
            #expect(fault?.message.contains(message) == true, "\(String(describing: fault))")
        }
    }

    @Test("bytes that are no UTF-8 are named with their line", arguments: [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80]])
    func notUTF8(bytes: [UInt8]) {
        #expect(fault(in: Array("a\nb,".utf8) + bytes)?.line == 2)
        #expect(fault(in: Array("a\n\"".utf8) + bytes + Array("\"".utf8))?.message.contains("UTF-8") == true)
    }

    @Test("half a byte order mark is no UTF-8")
    func halfMark() {
        #expect(fault(in: [0xEF, 0xBB, 0x41])?.message.contains("UTF-8") == true)
    }

    @Test("a quote that is never closed does not swallow the file into memory")
    func endlessField() {
        let text = "a\n\"" + String(repeating: "b\n", count: 100_000)
        #expect(fault(in: Array(text.utf8))?.line == 2)
        #expect(fault(in: Array(text.utf8))?.message.contains("longer than 4096 bytes") == true)
    }

    @Test("a row of endlessly many fields ends")
    func endlessRow() {
        #expect(fault(in: Array(String(repeating: ",", count: 100_000).utf8))?.message.contains("more than 100 fields") == true)
    }

    @Test("after a fault the same fault comes again")
    func faultStays() {
        var reader = CSVReader(source: source(Array("a\"\nb\n".utf8), blocks: 65_536))
        for _ in 0..<3 {
            let error = #expect(throws: CSVReadError.self) { _ = try reader.next() }
            guard case .fault(let fault) = error else {
                Issue.record("no fault")
                return
            }
            #expect(fault.line == 1)
        }
    }

    @Test("lines are counted through quoted fields and empty lines")
    func lines() throws {
        #expect(try read("a\n\n\"b\nb\"\nc\r\n\r\nd").map(\.line) == [1, 3, 5, 7])
    }

    @Test("a long file is read across blocks")
    func long() throws {
        let rows = (0..<30_000).map { "\($0),\"x\($0)\"" }
        let records = try read(rows.joined(separator: "\r\n"))
        #expect(records.count == 30_000)
        #expect(records.last?.fields == ["29999", "x29999"])
        #expect(records.last?.line == 30_000)
    }
}

/// Hands out bytes in blocks of a size.
func source(_ bytes: [UInt8], blocks size: Int) -> CSVReader.Source {
    var rest = bytes[...]
    return { buffer in
        let block = rest.prefix(min(size, buffer.count))
        buffer.copyBytes(from: block)
        rest = rest.dropFirst(block.count)
        return block.count
    }
}

private func read(_ text: String, blocks size: Int = 65_536) throws -> [CSVRecord] {
    var reader = CSVReader(source: source(Array(text.utf8), blocks: size))
    var records: [CSVRecord] = []
    while let record = try reader.next() { records.append(record) }
    return records
}

private func fault(in bytes: [UInt8], blocks size: Int = 65_536) -> CSVFault? {
    var reader = CSVReader(source: source(bytes, blocks: size))
    do throws(CSVReadError) {
        while try reader.next() != nil {}
        return nil
    } catch {
        if case .fault(let fault) = error { return fault }
        return nil
    }
}
