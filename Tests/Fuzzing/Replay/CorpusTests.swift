import Foundation
import Testing

/// What fuzzing once found interesting, as a regression test of the ordinary suite: no fuzzer is needed for it.
@Suite("The corpus of the fuzz targets")
struct CorpusTests {
    @Test("every input leaves its target's property whole", arguments: FuzzTargets.names)
    func replay(name: String) throws {
        let target = try #require(FuzzTargets.named(name))
        let inputs = try Self.inputs(of: name)
        #expect(!inputs.isEmpty)
        for (line, bytes) in inputs.enumerated() {
            do {
                try target.check(bytes)
            } catch {
                Issue.record("\(name).hex, line \(line + 1): \(error)")
            }
        }
    }

    @Test("an input that is cut short anywhere leaves it whole, too", arguments: FuzzTargets.names)
    func prefixes(name: String) throws {
        let target = try #require(FuzzTargets.named(name))
        for bytes in try Self.inputs(of: name).suffix(8) {
            for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 16)) {
                #expect(throws: Never.self, "\(name), \(count) bytes of \(bytes.count)") { try target.check(Array(bytes.prefix(count))) }
            }
        }
    }

    @Test("no two targets share a corpus, and no corpus is without a target")
    func names() throws {
        let names = FuzzTargets.names
        #expect(Set(names).count == names.count)
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Set(files) == Set(names.map { "\($0).hex" }))
    }

    /// One a line, in hexadecimal digits.
    private static func inputs(of name: String) throws -> [[UInt8]] {
        try String(contentsOf: folder.appendingPathComponent("\(name).hex"), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { line in
                let digits = Array(line.utf8)
                return try stride(from: 0, to: digits.count, by: 2).map { index in
                    try #require(UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16))
                }
            }
    }

    /// Tests/Fuzzing/Corpus
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Corpus")
}
