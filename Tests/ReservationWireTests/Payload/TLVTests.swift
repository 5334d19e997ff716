import NIOCore
import ReservationWire
import Testing

@Suite("TLV")
struct TLVTests {
    @Test(
        "an integer takes as few bytes as it needs",
        arguments: [
            (0, "00"), (1, "01"), (255, "ff"), (256, "0100"), (65_535, "ffff"), (65_536, "010000"),
            (9_007_199_254_740_991, "1fffffffffffff"),
        ] as [(UInt64, String)])
    func integers(value: UInt64, hex: String) throws {
        let bytes = MessageCatalogue.encode(SetSlotCapacityRequest(slotID: value, totalCapacity: 1), as: .tlv)
        let element = try Hex.bytes("0023") + [0, 0, 0, UInt8(hex.utf8.count / 2)] + Hex.bytes(hex)
        #expect(Hex.text(bytes.prefix(element.count)) == Hex.text(element))
        let decoded = try Payload.decode(SetSlotCapacityRequest.self, from: ByteBuffer(bytes: bytes), as: .tlv)
        #expect(decoded.slotID == value)
    }

    @Test("messages nest eight deep and no deeper", arguments: [Encoding.tlv, .json])
    func depth(encoding: Encoding) throws {
        // In JSON each level is an array and an object, so the bound of 8 is reached at the fourth message.
        let deepest = encoding == .tlv ? 8 : 4
        #expect(throws: Never.self) { try decode(Nest(depth: deepest), encoding) }
        #expect(throws: PayloadError.self) { try decode(Nest(depth: deepest + 1), encoding) }
    }

    @Test("a payload is read where it stands in a larger buffer, and nothing around it")
    func sliceOfBuffer() throws {
        let message = SetSlotStateRequest(slotID: 10, status: "CLOSED")
        var buffer = ByteBuffer(repeating: 0xFF, count: 7)
        let start = buffer.writerIndex
        Payload.encode(message, as: .tlv, into: &buffer)
        let end = buffer.writerIndex
        buffer.writeRepeatingByte(0xFF, count: 9)
        buffer.moveReaderIndex(to: start)
        let slice = buffer.readSlice(length: end - start)
        let payload = try #require(slice)
        #expect(try Payload.decode(SetSlotStateRequest.self, from: payload, as: .tlv) == message)
        var cut = payload
        cut.moveWriterIndex(to: cut.writerIndex - 1)
        // The missing byte is still in the storage behind the payload.
        #expect(throws: PayloadError.self) { try Payload.decode(SetSlotStateRequest.self, from: cut, as: .tlv) }
    }

    @Test("a refusal names the field and never repeats the peer's bytes")
    func refusals() {
        let bytes = try? Hex.bytes("002300000001" + "0a" + "002a00000003" + "58ff58")
        let error = #expect(throws: PayloadError.self) {
            try Payload.decode(SetSlotStateRequest.self, from: ByteBuffer(bytes: bytes ?? []), as: .tlv)
        }
        #expect(error == PayloadError(field: "status", reason: "is not UTF-8"))
        #expect(error?.message == "status: is not UTF-8")
    }

    @Test("a message cannot be carried without an encoding")
    func noEncoding() {
        var buffer = ByteBuffer()
        Payload.encode(HealthResponse(writable: true), as: .none, into: &buffer)
        #expect(buffer.readableBytes == 0)
        #expect(throws: PayloadError.self) { try Payload.decode(HealthRequest.self, from: buffer, as: .none) }
    }

    private func decode(_ message: Nest, _ encoding: Encoding) throws {
        let bytes = ByteBuffer(bytes: MessageCatalogue.encode(message, as: encoding))
        let decoded = try Payload.decode(Nest.self, from: bytes, as: encoding)
        #expect(decoded == message)
    }
}

/// A message within itself, as no message of the registry is.
private struct Nest: WireMessage {
    var children: [Nest]

    init(depth: Int) {
        children = depth > 1 ? [Nest(depth: depth - 1)] : []
    }

    init(from reader: inout some FieldReader) throws(PayloadError) {
        children = try reader.messages(.slots, Nest.self)
    }

    func write(to writer: inout some FieldWriter) {
        writer.write(.slots, children)
    }
}
