import Testing

@testable import ReservationGateway

@Suite("How often one address may do something")
struct AddressLimitTests {
    private let address = IPAddress("192.0.2.1")!

    @Test("the limit is reached by so many in a minute, not by one fewer")
    func limit() {
        let limit = AddressLimit(perMinute: 5)
        for _ in 0..<4 { limit.count(address, now: 100) }
        #expect(limit.refusal(of: address, now: 100) == nil)
        limit.count(address, now: 101)
        #expect(limit.refusal(of: address, now: 101) != nil)
        #expect(limit.refusal(of: IPAddress("192.0.2.2")!, now: 101) == nil)
    }

    @Test("after the seconds that are told the address may try again, and not before", arguments: [100.0, 119.5, 130.0, 179.9])
    func retryAfter(start: Double) throws {
        let limit = AddressLimit(perMinute: 10)
        for _ in 0..<10 { limit.count(address, now: start) }
        let seconds = try #require(limit.refusal(of: address, now: start)).seconds
        #expect(limit.refusal(of: address, now: start + Double(seconds)) == nil)
        #expect(limit.refusal(of: address, now: start + Double(seconds) - 1.5) != nil)
        #expect(seconds <= 120)
    }

    @Test("the minute before counts by how much of it still lies in the last sixty seconds")
    func slidingWindow() {
        let limit = AddressLimit(perMinute: 10)
        // A window begins at every full multiple of 60.
        for _ in 0..<8 { limit.count(address, now: 130) }
        for _ in 0..<4 { limit.count(address, now: 190) }
        #expect(limit.refusal(of: address, now: 190) != nil)
        // A third of the minute before is left: 8 / 4 + 4 < 10.
        #expect(limit.refusal(of: address, now: 225) == nil)
    }

    @Test("after two quiet minutes nothing is remembered")
    func forgetting() {
        let limit = AddressLimit(perMinute: 1)
        limit.count(address, now: 130)
        #expect(limit.refusal(of: address, now: 400) == nil)
        limit.count(IPAddress("192.0.2.9")!, now: 400)
        #expect(limit.rememberedAddresses == 1)
    }

    @Test("a flood of addresses takes bounded memory, and those before it are still remembered for a while")
    func boundedMemory() {
        let limit = AddressLimit(perMinute: 1)
        limit.count(address, now: 0)
        for number in 0..<(AddressLimit.addresses + 10) {
            limit.count(IPAddress(version4: UInt32(number) | 0x0A00_0000), now: 1)
        }
        #expect(limit.rememberedAddresses <= 2 * AddressLimit.addresses)
        #expect(limit.refusal(of: address, now: 1) != nil)
    }

    @Test("whoever takes gets no more than may, however many ask, and what is given back can be taken again")
    func taking() async {
        let limit = AddressLimit(perMinute: 10)
        let passed = await withTaskGroup(of: Bool.self) { tasks in
            for _ in 0..<100 { tasks.addTask { limit.take(address, now: 130) == nil } }
            return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(passed == 10)
        limit.giveBack(address, now: 131)
        #expect(limit.take(address, now: 131) == nil)
        #expect(limit.take(address, now: 131) != nil)
    }

    @Test("what is given back after the minute is taken from the minute before; from nothing nothing is taken")
    func givingBack() {
        let limit = AddressLimit(perMinute: 2)
        _ = limit.take(address, now: 179)
        _ = limit.take(address, now: 179)
        limit.giveBack(address, now: 181)
        #expect(limit.take(address, now: 181) == nil)
        limit.giveBack(IPAddress("192.0.2.9")!, now: 181)
        #expect(limit.rememberedAddresses == 2)
    }

    @Test("of an address's refusals of one minute the first is known as such")
    func firstRefusal() throws {
        let limit = AddressLimit(perMinute: 1)
        limit.count(address, now: 130)
        #expect(try #require(limit.refusal(of: address, now: 130)).isFirst)
        #expect(try !#require(limit.take(address, now: 131)).isFirst)
        #expect(try !#require(limit.refusal(of: address, now: 131)).isFirst)
        limit.count(IPAddress("192.0.2.2")!, now: 131)
        #expect(try #require(limit.refusal(of: IPAddress("192.0.2.2")!, now: 131)).isFirst)
        limit.count(address, now: 181)
        #expect(try #require(limit.refusal(of: address, now: 181)).isFirst)
    }
}
