import Testing

@testable import ReservationGateway

@Suite("Parts of a request")
struct RequestPartsTests {
    @Test("a target is split into path and decoded parameters")
    func target() {
        let target = RequestTarget("/a/b?x=1&y=a%20b+c&z&x=2&=5&%6F=%C3%A4&bad=%4")
        #expect(target.path == "/a/b")
        #expect(target.values("x") == ["1", "2"])
        #expect(target.values("y") == ["a b c"])
        #expect(target.values("z") == [""])
        #expect(target.values("o") == ["ä"])
        #expect(target.values("bad") == ["%4"])
        #expect(target.values("none").isEmpty)
    }

    @Test(
        "absolute targets and odd ones have a path, too",
        arguments: [
            ("http://host/healthz", "/healthz", "host"), ("HTTP://Host:80/x?y=1", "/x", "Host:80"), ("https://host", "/", "host"),
            ("http://host?x=1", "/", "host"),
        ])
    func absolute(text: String, path: String, authority: String) {
        #expect(RequestTarget(text).path == path)
        #expect(RequestTarget(text).authority == authority)
    }

    @Test(
        "fragments are dropped, and an empty target is the root",
        arguments: [("/a#b", "/a"), ("", "/"), ("?x", "/"), ("*", "*"), ("/a%2Fb", "/a%2Fb")])
    func oddTargets(text: String, path: String) {
        #expect(RequestTarget(text).path == path)
        #expect(RequestTarget(text).authority == nil)
    }

    @Test("a caller's request id is taken when it is harmless", arguments: ["a", "A-b_c.9", String(repeating: "x", count: 64)])
    func requestID(value: String) {
        #expect(RequestID.choose([value]) == value)
    }

    @Test(
        "any other is replaced by a fresh one",
        arguments: [[], [""], ["a b"], ["a\nb"], ["ä"], [String(repeating: "x", count: 65)], ["a", "b"]])
    func badRequestID(values: [String]) {
        let id = RequestID.choose(values)
        #expect(id.utf8.count == 13)
        #expect(!values.contains(id))
    }

    @Test("fresh request ids are all different")
    func freshIDs() {
        #expect(Set((0..<10_000).map { _ in RequestID.fresh() }).count == 10_000)
    }

    @Test(
        "the date is written as RFC 9110 has it",
        arguments: [
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
        ])
    func date(second: Int, expected: String) {
        #expect(DateHeader.format(second) == expected)
    }
}
