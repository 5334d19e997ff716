import NIOCore
import ReservationWire

/// The same requests in every run, so that instruction counts can be compared.
enum SampleFrames {
    static let organization: UInt64 = 1
    static let slotCount = 32

    /// Spread over 53 bits, as the daemon's own ids are.
    static func ticketID(_ number: Int) -> UInt64 {
        (UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15) >> 11 | 1
    }

    static func ticketCode(_ number: Int) -> String {
        let digits = String(number)
        return "TKT-2026-SAMPLE-" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    static func creation(_ number: Int) -> CreateReservationRequest {
        CreateReservationRequest(
            orq: organization, ticketID: ticketID(number), slotID: UInt64(number % slotCount + 1),
            // The time first and then what nobody can guess, as the gateway's keys are.
            idempotencyKey: UInt128(1_800_000_000_000 + number / 20) << 80 | UInt128(ticketID(number)),
            customerEmail: "guest\(number)@example.com", customerPhone: "+12025550100",
            // As long as the gateway's.
            requestID: "request-\(10_000 + number)")
    }

    /// - Parameter id: must rise from one request of a connection to the next.
    static func write<O: Operation>(_: O.Type, _ request: O.Request, id: UInt64, into buffer: inout ByteBuffer) {
        let header = FrameHeader(.request, opcode: O.opcode.rawValue, requestID: id, encoding: .tlv)
        Frames.write(header, request, into: &buffer)
    }
}
