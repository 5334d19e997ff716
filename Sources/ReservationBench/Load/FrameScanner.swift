import ReservationWire

/// Answers in RSV/1. A request's id is its number plus one, since 0 is the connection.
struct FrameScanner: AnswerScanner {
    static let requestsPerConnection = WireLimits.maxInFlight
    private var payloadLeft = 0
    private var current = Answer(request: nil, refusal: 0)

    mutating func scan(_ bytes: UnsafeRawBufferPointer, into answers: inout [Answer]) throws(BenchFailure) -> Int {
        var position = 0
        while true {
            if payloadLeft > 0 {
                let passed = min(payloadLeft, bytes.count - position)
                position += passed
                payloadLeft -= passed
                guard payloadLeft == 0 else { return position }
                answers.append(current)
            }
            guard bytes.count - position >= WireLimits.headerBytes else { return position }
            let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
            let id = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self))
            let status = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: position + 20, as: UInt16.self))
            guard id > 0, let type = FrameType(rawValue: bytes[position + 4]), type == .response || type == .error else {
                throw BenchFailure("The daemon sent a frame of type \(bytes[position + 4]), status \(status), instead of an answer")
            }
            position += WireLimits.headerBytes
            current = Answer(request: Int(id) - 1, refusal: status)
            payloadLeft = length
            if length == 0 { answers.append(current) }
        }
    }
}
