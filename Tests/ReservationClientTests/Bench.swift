import ReservationClient
import ReservationCore
import ReservationWire
import Testing

/// Requests and answers that the tests use.
enum Sample {
    static let validate = ValidateTicketRequest(orq: 1, ticketCode: "TKT-2025-ABC123-DEF456")

    /// - Parameter id: tells one answer from another.
    static func validated(_ id: UInt64) -> ValidateTicketResponse {
        ValidateTicketResponse(ticketID: id, ticketCode: "TKT-2025-ABC123-DEF456", productID: 5, orderID: 456, status: "ACTIVATED")
    }

    static func create(key: UInt128?) -> CreateReservationRequest {
        CreateReservationRequest(
            orq: 1, ticketID: 7, ticketCode: nil, slotID: 3, idempotencyKey: key, customerEmail: "ada@example.com",
            customerPhone: "+4930123456")
    }

    static func created() throws -> CreateReservationResponse {
        let slot = SlotTime(
            date: try #require(CalendarDate("2025-11-14")), startTime: try #require(TimeOfDay("10:00:00")),
            endTime: try #require(TimeOfDay("12:00:00")), startsAt: Instant(seconds: 1_763_110_800))
        return CreateReservationResponse(
            orq: 1, ticketID: 7, ticketCode: "TKT-2025-ABC123-DEF456", slotID: 3, reservationID: 11,
            reservedAt: Instant(seconds: 1_763_000_000), slot: slot, confirmationQueued: true)
    }
}

extension CallResult {
    var error: ClientError? {
        if case .failed(let error) = self { error } else { nil }
    }

    var refusal: Status? {
        if case .refused(let status, _) = self { status } else { nil }
    }

    var answer: Response? {
        if case .answered(let response, _) = self { response } else { nil }
    }
}

/// A folder, a client that looks for its daemon there, and the daemons that the test starts.
struct Bench: Sendable {
    let folder: SocketFolder
    let client: ReservationClient

    init(encoding: Encoding = .tlv, connections: Int = 1, maxPendingCalls: Int = 8192, helloPatience: Duration = .seconds(10)) throws {
        folder = try SocketFolder()
        client = ReservationClient(
            ClientConfiguration(
                socketPath: folder.socketPath, name: "test", encoding: encoding, connections: connections, defaultDeadline: .seconds(20),
                connectBackoff: .milliseconds(1)...(.milliseconds(20)), helloPatience: helloPatience, maxPendingCalls: maxPendingCalls))
    }

    func startDaemon(_ manner: FakeDaemon.Manner = .daemonLike(maxInFlight: WireLimits.maxInFlight)) async throws -> FakeDaemon {
        try await FakeDaemon.start(at: folder.socketPath, manner)
    }

    func validate(deadline: Duration? = nil) async -> CallResult<ValidateTicketResponse> {
        await client.call(ValidateTicket.self, Sample.validate, deadline: deadline)
    }
}
