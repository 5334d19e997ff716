import NIOCore
import ReservationWire
import SeededRandom
import Testing

@Suite("Damaged payloads")
struct MutationTests {
    @Test(
        "a payload with damaged bytes is refused or read as a message that is written and read again as itself",
        arguments: [UInt64(11), 12])
    func damagedPayloads(seed: UInt64) throws {
        let registry = try RegistryFile.load()
        let codec = ReverseCodec(registry: registry)
        var generator = SeededGenerator(seed: seed)
        var refused = 0
        var read = 0
        for name in registry.messageNames {
            let form = try codec.sample(name)
            let originals = [(try codec.tlv(name, form), Encoding.tlv), (Array(try codec.json(name, form).utf8), .json)]
            for (original, encoding) in originals {
                for _ in 0..<60 {
                    let damaged = damage(original, &generator)
                    guard let message = try? MessageCatalogue.decode(name, damaged, as: encoding) else {
                        refused += 1
                        continue
                    }
                    read += 1
                    let again = try MessageCatalogue.decode(name, MessageCatalogue.encode(message, as: encoding), as: encoding)
                    #expect(MessageCatalogue.areEqual(again, message), "\(name) \(Hex.text(damaged))")
                }
            }
        }
        // Both ways must have been gone, or the test has shown nothing.
        #expect(refused > 500 && read > 500)
    }

    private func damage(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes.remove(at: index)
            case 1: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
            case 2: bytes.removeSubrange(index...)
            case 3: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            default: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
        }
        return bytes
    }
}
