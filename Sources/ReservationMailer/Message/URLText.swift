/// Percent-encoding (RFC 3986, section 2.1).
enum URLText {
    /// What may stand in a path of a `mailto:` or `tel:` address as it is, `@` and `+` too.
    static func path(_ text: String) -> String { encode(text, besides: "@+!$'*") }

    /// A value of `application/x-www-form-urlencoded`; a space becomes `%20`, which every reader of it knows.
    static func form(_ text: String) -> String { encode(text, besides: "") }

    private static func encode(_ text: String, besides plain: StaticString) -> String {
        let plain = Array("\(plain)".utf8)
        var output: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                output.append(byte)
            case _ where plain.contains(byte): output.append(byte)
            default: output += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 0x0F)]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x41 + value - 10 }
}
