import NIOCore
import ReservationWire

/// The wire's part.
enum DecodingCost {
    /// As many frames as a read of 16 KiB brings.
    private static let framesPerRead = 100

    static func frames(_ count: Int) throws {
        var read = ByteBuffer()
        Frames.hello(Hello(magic: WireLimits.magic, versionMin: 1, versionMax: 1), encoding: .tlv).write(into: &read)
        var decoder = FrameDecoder(receiving: .client)
        decoder.append(read)
        guard try decoder.next() != nil else { throw CostFailure(message: "the decoder took no HELLO") }
        read.clear()
        for number in 0..<framesPerRead {
            SampleFrames.write(CreateReservation.self, SampleFrames.creation(number), id: UInt64(number), into: &read)
        }
        var decoded = 0
        while decoded < count {
            decoder.append(read)
            while let frame = try decoder.next() {
                guard frame.header.requestID == UInt64(decoded % framesPerRead) else { throw CostFailure(message: "a wrong frame") }
                decoded += 1
            }
        }
    }

    static func payloads(_ count: Int, encoding: Encoding) throws {
        var payload = ByteBuffer()
        Payload.encode(SampleFrames.creation(1), as: encoding, into: &payload)
        for _ in 0..<count {
            let request = try Payload.decode(CreateReservationRequest.self, from: payload, as: encoding)
            guard request.ticketID == SampleFrames.ticketID(1) else { throw CostFailure(message: "a wrong payload") }
        }
    }
}
