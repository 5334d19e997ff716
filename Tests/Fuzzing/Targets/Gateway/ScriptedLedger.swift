import NIOCore
import ReservationClient
import ReservationCore
import ReservationWire
import Synchronization

@testable import ReservationGateway

/// A daemon that says what the input has it say, and looks at what it is asked.
final class ScriptedLedger: Ledger {
    private enum Script: Sendable {
        /// The response as TLV; what is no such response counts as no answer.
        case response([UInt8], isReplayed: Bool)
        case refusal(Status)
        case failure(ClientError)
    }

    private let script: Script
    private let finding = Mutex<Finding?>(nil)

    init(_ input: inout InputCursor) {
        switch input.choice(of: 4) {
        case 0: script = .refusal(input.pick(Status.allCases.filter { $0 != .ok }))
        case 1:
            script = .failure(
                ClientError(code: input.pick(ClientError.Code.allCases), message: "no", mayHaveExecuted: input.byte() & 1 == 0))
        default: script = .response(input.take(Int(input.byte())), isReplayed: input.byte() & 1 == 0)
        }
    }

    /// - Throws: what was wrong with a request that came.
    func check() throws(Finding) {
        if let finding = finding.withLock({ $0 }) { throw finding }
    }

    func watchSlots() -> AsyncStream<SlotWatchEvent> { AsyncStream { $0.finish() } }

    func call<O: Operation>(_ operation: O.Type, _ request: O.Request, deadline: Duration) async -> CallResult<O.Response> {
        do throws(Finding) {
            try Self.check(request)
        } catch {
            finding.withLock { $0 = error }
        }
        switch script {
        case .refusal(let status): return .refused(status, ErrorReply(message: "no"))
        case .failure(let error): return .failed(error)
        case .response(let bytes, let isReplayed):
            guard let response = try? Payload.decode(O.Response.self, from: ByteBuffer(bytes: bytes), as: .tlv) else {
                return .failed(ClientError(code: .protocolViolation, message: "no response"))
            }
            return .answered(response, replayed: isReplayed)
        }
    }

    // MARK: what may be asked

    private static func check(_ request: any WireMessage) throws(Finding) {
        switch request {
        case let request as ValidateTicketRequest:
            try checkOrganization(request.orq)
            try checkCode(request.ticketCode)
        case let request as VerifyContactRequest:
            try checkOrganization(request.orq)
            try checkContact(request.ticketID, request.ticketCode, request.customerEmail, request.customerPhone)
        case let request as CreateReservationRequest:
            try checkOrganization(request.orq)
            try require(SlotID(request.slotID) != nil, "a slot's id is one")
            try require(request.idempotencyKey != nil, "a create has a key")
            try checkContact(request.ticketID, request.ticketCode, request.customerEmail, request.customerPhone)
        case let request as AvailableSlotsRequest:
            try checkOrganization(request.orq)
            try require(request.month == nil || request.date == nil, "a month or a date is asked for, not both")
            try require(request.month.map { YearMonth($0)?.description == $0 } ?? true, "a month is one")
        default: break
        }
    }

    private static func checkOrganization(_ orq: UInt64) throws(Finding) {
        try require(OrganizationID(orq) != nil, "an organization's id is one")
    }

    private static func checkCode(_ text: String) throws(Finding) {
        try require(TicketCode(text)?.text == text, "a code is one")
    }

    private static func checkContact(_ ticket: UInt64, _ code: String?, _ email: String, _ phone: String) throws(Finding) {
        try require(TicketID(ticket) != nil, "a ticket's id is one")
        if let code { try checkCode(code) }
        try require(EmailAddress(email)?.text == email, "an address is one")
        try require(PhoneNumber(phone)?.text == phone, "a number is one")
    }
}
