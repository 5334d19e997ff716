import Glibc
import Testing

@testable import ReservationProcess

@Suite("Descriptors, of which a process has only so many")
struct DescriptorTests {
    private struct Refused: Error {}

    @Test("a call that finds no descriptor is made again, and then there is one more than before")
    func secondAttempt() throws {
        var attempts = 0
        let descriptor = try DescriptorReserve.shared.run { () throws(DescriptorsExhausted) -> Int32 in
            attempts += 1
            if attempts == 1, let exhausted = DescriptorsExhausted(errno: EMFILE) { throw exhausted }
            let descriptor = open("/dev/null", O_RDONLY)
            close(descriptor)
            return descriptor
        }
        #expect(attempts == 2)
        #expect(descriptor >= 0)
        #expect(DescriptorReserve.shared.isHeld)
    }

    @Test("a call that succeeds is made once")
    func firstAttempt() throws {
        var attempts = 0
        try DescriptorReserve.shared.run { () throws(DescriptorsExhausted) in attempts += 1 }
        #expect(attempts == 1)
    }

    @Test("the reserve is taken back after a call that fails too")
    func takenBack() {
        #expect(throws: Refused.self) {
            try DescriptorReserve.shared.lend { () throws(Refused) in throw Refused() }
        }
        #expect(DescriptorReserve.shared.isHeld)
    }

    @Test("only a want of descriptors is one", arguments: [EMFILE, ENFILE])
    func exhausted(code: Int32) {
        #expect(DescriptorsExhausted(errno: code) != nil)
        #expect(DescriptorsExhausted(errno: ENOENT) == nil)
        #expect(DescriptorsExhausted(errno: 0) == nil)
    }

    @Test(
        "connections leave free what the program itself needs",
        arguments: [(4096, UInt(1 << 20), 4096), (4096, 1024, 984), (3072, 128, 88), (10, 40, 1), (10, 1, 1), (10, .max, 10), (10, 0, 10)])
    func connections(wanted: Int, limit: UInt, fitting: Int) {
        #expect(DescriptorLimit.connections(wanted: wanted, limit: limit) == fitting)
    }
}
