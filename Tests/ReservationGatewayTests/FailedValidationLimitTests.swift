import Testing

@testable import ReservationGateway

@Suite("The limit of failed validations")
struct FailedValidationLimitTests {
    private let address = IPAddress("192.0.2.1")!

    @Test("the limit is reached by so many failures in a minute, not by one fewer")
    func limit() {
        let limit = FailedValidationLimit(perMinute: 5)
        for _ in 0..<4 { limit.countFailure(address, now: 100) }
        #expect(limit.secondsToWait(address, now: 100) == nil)
        limit.countFailure(address, now: 101)
        #expect(limit.secondsToWait(address, now: 101) != nil)
        #expect(limit.secondsToWait(IPAddress("192.0.2.2")!, now: 101) == nil)
    }

    @Test("after the seconds that are told the address may try again, and not before", arguments: [100.0, 119.5, 130.0, 179.9])
    func retryAfter(start: Double) throws {
        let limit = FailedValidationLimit(perMinute: 10)
        for _ in 0..<10 { limit.countFailure(address, now: start) }
        let seconds = try #require(limit.secondsToWait(address, now: start))
        #expect(limit.secondsToWait(address, now: start + Double(seconds)) == nil)
        #expect(limit.secondsToWait(address, now: start + Double(seconds) - 1.5) != nil)
        #expect(seconds <= 120)
    }

    @Test("failures of the minute before count by how much of it still lies in the last sixty seconds")
    func slidingWindow() {
        let limit = FailedValidationLimit(perMinute: 10)
        // A window begins at every full multiple of 60.
        for _ in 0..<8 { limit.countFailure(address, now: 130) }
        for _ in 0..<4 { limit.countFailure(address, now: 190) }
        #expect(limit.secondsToWait(address, now: 190) != nil)
        // A third of the minute before is left: 8 / 4 + 4 < 10.
        #expect(limit.secondsToWait(address, now: 225) == nil)
    }

    @Test("after two quiet minutes nothing is remembered")
    func forgetting() {
        let limit = FailedValidationLimit(perMinute: 1)
        limit.countFailure(address, now: 130)
        #expect(limit.secondsToWait(address, now: 400) == nil)
        limit.countFailure(IPAddress("192.0.2.9")!, now: 400)
        #expect(limit.rememberedAddresses == 1)
    }

    @Test("a flood of addresses takes bounded memory, and those before it are still remembered for a while")
    func boundedMemory() {
        let limit = FailedValidationLimit(perMinute: 1)
        limit.countFailure(address, now: 0)
        for number in 0..<(FailedValidationLimit.addresses + 10) {
            limit.countFailure(IPAddress(version4: UInt32(number) | 0x0A00_0000), now: 1)
        }
        #expect(limit.rememberedAddresses <= 2 * FailedValidationLimit.addresses)
        #expect(limit.secondsToWait(address, now: 1) != nil)
    }
}
