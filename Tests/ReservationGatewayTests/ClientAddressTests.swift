import Testing

@testable import ReservationGateway

@Suite("Whose request it is")
struct ClientAddressTests {
    private let proxies = [AddressRange("10.0.0.0/8")!, AddressRange("2001:db8::/32")!]

    private func find(_ peer: String, _ forwarded: [String], proxies: [AddressRange]? = nil) -> String? {
        ClientAddress.find(peer: IPAddress(peer), forwardedFor: forwarded, trustedProxies: proxies ?? self.proxies)?.description
    }

    @Test("without trusted proxies nobody is believed")
    func untrusted() {
        #expect(find("192.0.2.1", ["198.51.100.9"]) == "192.0.2.1")
        #expect(find("10.1.1.1", ["198.51.100.9"], proxies: []) == "10.1.1.1")
    }

    @Test("the list is walked from the right up to the first address that is not a proxy of ours")
    func walk() {
        #expect(find("10.1.1.1", ["198.51.100.9"]) == "198.51.100.9")
        #expect(find("10.1.1.1", ["1.1.1.1, 198.51.100.9, 10.2.2.2"]) == "198.51.100.9")
        #expect(find("10.1.1.1", ["1.1.1.1", "198.51.100.9", "10.2.2.2"]) == "198.51.100.9")
        #expect(find("10.1.1.1", ["10.3.3.3,10.2.2.2"]) == "10.3.3.3")
        #expect(find("2001:db8::5", ["2001:DB9::1"]) == "2001:db9::1")
        #expect(find("::ffff:10.1.1.1", ["198.51.100.9"]) == "198.51.100.9")
    }

    @Test("ports and brackets are tolerated; what is unreadable ends the walk")
    func forms() {
        #expect(find("10.1.1.1", ["198.51.100.9:4711"]) == "198.51.100.9")
        #expect(find("10.1.1.1", ["[2001:db9::1]:4711"]) == "2001:db9::1")
        #expect(find("10.1.1.1", ["198.51.100.9, unknown"]) == "10.1.1.1")
        #expect(find("10.1.1.1", ["198.51.100.9,"]) == "10.1.1.1")
        #expect(find("10.1.1.1", [""]) == "10.1.1.1")
        #expect(find("10.1.1.1", ["198.51.100.9\u{0}x"]) == "10.1.1.1")
        #expect(find("10.1.1.1", ["::ffff:198.51.100.9"]) == "198.51.100.9")
        #expect(find("10.1.1.1", ["[::ffff:198.51.100.9]"]) == "198.51.100.9")
        #expect(find("10.1.1.1", ["\t 198.51.100.9 \t"]) == "198.51.100.9")
    }

    @Test(
        "an entry that is an address with something else about it is unreadable",
        arguments: [
            "198.51.100.9:", "198.51.100.9:x", "198.51.100.9:123456", "198.51.100.9:80:80", "198.51.100.9 x", "198.51.100.9;",
            "[2001:db9::1", "[2001:db9::1]x", "[2001:db9::1]:", "[2001:db9::1]:80x", "[]", "fe80::1%eth0", "unix:", "localhost",
            "\"198.51.100.9\"", "for=198.51.100.9", "198.51.100.256", "0198.51.100.9", "198.51.100", "１９８.51.100.9",
        ])
    func garbage(entry: String) {
        #expect(find("10.1.1.1", [entry]) == "10.1.1.1")
        #expect(find("10.1.1.1", ["203.0.113.1, \(entry), 10.2.2.2"]) == "10.2.2.2")
        // What stands left of the first stranger is never looked at.
        #expect(find("10.1.1.1", ["\(entry), 198.51.100.9"]) == "198.51.100.9")
    }

    @Test("a chain of trusted proxies alone ends at its left end; a peer that writes version 4 as version 6 is trusted as version 4")
    func chains() {
        #expect(find("::ffff:10.1.1.1", ["203.0.113.1, ::ffff:10.2.2.2, [2001:db8::7]:443"]) == "203.0.113.1")
        #expect(find("10.1.1.1", ["10.9.9.9, 10.2.2.2"]) == "10.9.9.9")
        #expect(find("10.1.1.1", []) == "10.1.1.1")
        #expect(ClientAddress.find(peer: nil, forwardedFor: ["203.0.113.1"], trustedProxies: proxies) == nil)
        #expect(find("10.1.1.1", [String(repeating: "10.2.2.2,", count: 1800) + "203.0.113.1,10.3.3.3"]) == "203.0.113.1")
    }

    @Test("Forwarded is not read")
    func forwarded() {
        var headers = RequestHeaders()
        headers.add("forwarded", "for=203.0.113.1")
        #expect(headers.forwardedFor.isEmpty)
    }

    @Test("networks are written with all bits after their length zero")
    func ranges() {
        #expect(AddressRange("10.0.0.1/8") == nil)
        #expect(AddressRange("10.0.0.0/33") == nil)
        #expect(AddressRange("10.0.0.0/-1") == nil)
        #expect(AddressRange("10.0.0.0/+8") == nil)
        #expect(AddressRange("host/8") == nil)
        #expect(AddressRange("0.0.0.0/0")?.contains(IPAddress("203.0.113.5")!) == true)
        #expect(AddressRange("0.0.0.0/0")?.contains(IPAddress("::1")!) == false)
        #expect(AddressRange("::/0")?.contains(IPAddress("2001:db8::1")!) == true)
        #expect(AddressRange("192.0.2.1")?.contains(IPAddress("192.0.2.1")!) == true)
        #expect(AddressRange("192.0.2.1")?.contains(IPAddress("192.0.2.2")!) == false)
        #expect(AddressRange("::ffff:10.0.0.0/104") == AddressRange("10.0.0.0/8"))
        #expect(AddressRange("::ffff:10.0.0.0/8") == nil)
        #expect(AddressRange("::ffff:10.0.0.1/104") == nil)
        #expect(AddressRange("192.0.2.128/25")?.contains(IPAddress("192.0.2.127")!) == false)
    }

    @Test("one subscriber is one address of version 4, or a /64 of version 6")
    func subscriber() {
        #expect(IPAddress("2001:db8:1:2:3:4:5:6")!.subscriber.description == "2001:db8:1:2::")
        #expect(IPAddress("192.0.2.7")!.subscriber.description == "192.0.2.7")
        #expect(IPAddress("::ffff:192.0.2.7")!.description == "192.0.2.7")
        #expect(IPAddress("192.0.2.7:80") == nil)
    }
}
