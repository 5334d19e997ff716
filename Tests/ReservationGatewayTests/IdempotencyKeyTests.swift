import Testing

@testable import ReservationGateway

@Suite("The header Idempotency-Key")
struct IdempotencyKeyTests {
    @Test("a UUID is its 16 bytes, with or without hyphens, in either case")
    func uuid() throws {
        let expected: UInt128 = 0x8e03_978e_40d5_43e8_bc93_6894_a57f_9324
        #expect(try IdempotencyKey.parse(["8e03978e-40d5-43e8-bc93-6894a57f9324"]) == expected)
        #expect(try IdempotencyKey.parse(["8E03978E-40D5-43E8-BC93-6894A57F9324"]) == expected)
        #expect(try IdempotencyKey.parse(["8e03978e40d543e8bc936894a57f9324"]) == expected)
    }

    @Test("anything else visible is hashed with FNV-1a, by its published values")
    func hash() throws {
        #expect(try IdempotencyKey.parse(["a"]) == 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964)
        #expect(try IdempotencyKey.parse(["foobar"]) == 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18)
        // Nearly a UUID is not one.
        let nearly = try IdempotencyKey.parse(["8e03978e-40d5-43e8-bc93-6894a57f932g"])
        #expect(nearly != nil && nearly != 0x8e03_978e_40d5_43e8_bc93_6894_a57f_9320)
        #expect(try IdempotencyKey.parse(["8e03978e40d5-43e8-bc93-6894-a57f9324"]) != 0x8e03_978e_40d5_43e8_bc93_6894_a57f_9324)
    }

    @Test("no header is no key; the longest key has 255 characters")
    func bounds() throws {
        #expect(try IdempotencyKey.parse([]) == nil)
        #expect(try IdempotencyKey.parse([String(repeating: "~", count: 255)]) != nil)
        #expect(throws: PublicFailure.self) { try IdempotencyKey.parse([String(repeating: "~", count: 256)]) }
        #expect(throws: PublicFailure.self) { try IdempotencyKey.parse([""]) }
        #expect(throws: PublicFailure.self) { try IdempotencyKey.parse(["a\tb"]) }
        #expect(throws: PublicFailure.self) { try IdempotencyKey.parse(["a", "a"]) }
    }

    @Test("keys of the gateway's own differ, and later ones stand after earlier ones but for those of the same millisecond")
    func own() {
        let keys = (0..<1000).map { _ in IdempotencyKey.random() }
        #expect(Set(keys).count == keys.count)
        #expect(keys.map { $0 >> 80 } == keys.map { $0 >> 80 }.sorted())
        #expect(keys[0] >> 80 > 1_700_000_000_000)
    }
}
