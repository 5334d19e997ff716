import Logging
import NIOCore
import ReservationCore
import ReservationLog
import ReservationWire
import Synchronization
import Testing

@testable import ReservationDaemon

@Suite("What the daemon writes of a customer's requests")
struct RequestLogTests {
    private let lines = Lines()
    private let name = RequestName("request-1")
    private let code = TicketCode("TKT-2026-ABC123-DEF456")

    private func submission(_ command: Command, _ opcode: Opcode) -> Submission {
        let now = NIODeadline.uptimeNanoseconds(0)
        return Submission(requestID: 1, opcode: opcode, encoding: .tlv, command: command, deadline: now, receivedAt: now)
    }

    private func ticket(_ id: Int64 = 7) throws -> Ticket {
        Ticket(
            id: try #require(TicketID(id)), code: try #require(code), organization: try #require(OrganizationID(1 as Int64)), productID: 5,
            orderID: 6, status: .activated, createdAt: Instant(seconds: 0), updatedAt: Instant(seconds: 0))
    }

    private func slot() throws -> Slot {
        Slot(
            id: try #require(SlotID(3 as Int64)), organization: try #require(OrganizationID(1 as Int64)),
            date: try #require(CalendarDate("2026-12-05")), startTime: try #require(TimeOfDay("12:00:00")),
            endTime: try #require(TimeOfDay("14:00:00")), startsAt: Instant(seconds: 1_796_443_200), totalCapacity: 2, bookedCount: 1,
            status: .active, createdAt: Instant(seconds: 0), updatedAt: Instant(seconds: 0))
    }

    private func request() throws -> BookingRules.Request {
        let ticket = try ticket()
        return BookingRules.Request(
            organization: ticket.organization, ticket: ticket.id, code: nil, slot: try slot().id,
            contact: try Contact(email: "ana@example.com", phone: "+12025551234"), name: name)
    }

    @Test("a validation is told once, and with its reason when the ticket is not valid")
    func validation() throws {
        let ticket = try ticket()
        let command = Command.validate(organization: ticket.organization, code: ticket.code, name: name)
        lines.logger.record(.validated(ticket), of: submission(command, .ticketValidate))
        lines.logger.record(.refused(.ticketNotFound), of: submission(command, .ticketValidate))
        lines.logger.record(.failed(.unavailable), of: submission(command, .ticketValidate))
        #expect(
            lines.all == [
                "info ticket.validation.requested request_id=request-1 result=valid ticket_code=TKT-2026-***456",
                "info ticket.validation.failed reason=TICKET_NOT_FOUND request_id=request-1 result=invalid ticket_code=TKT-2026-***456",
                "warning ticket.validation.failed reason=UNAVAILABLE request_id=request-1 ticket_code=TKT-2026-***456",
            ])
    }

    @Test("a contact is told masked, and what was at fault by its field's name")
    func verification() throws {
        let contact = try Contact(email: "ana@example.com", phone: "+12025551234")
        let command = Command.verifyContact(
            organization: try ticket().organization, ticket: try ticket().id, code: nil, contact: contact, name: nil)
        lines.logger.record(.refused(.ticketNotFound), of: submission(command, .contactVerify))
        #expect(
            lines.all == [
                "info contact.verification.requested customer_email=a***@example.com customer_phone=+***34 ticket_id=7",
                "info contact.verification.failed reason=TICKET_NOT_FOUND ticket_id=7 validation_errors=ticket_code",
            ])
    }

    @Test("a booking and its replay are told with all ids, each under the name of the request that got it")
    func creation() throws {
        let created = CreatedReservation(
            id: try #require(ReservationID(9 as Int64)), ticket: try ticket(), slot: try slot(), reservedAt: Instant(seconds: 5))
        lines.logger.record(.created(created), of: submission(.create(try request(), key: nil), .reservationCreate))
        var payload = ByteBuffer()
        Payload.encode(created.response, as: .tlv, into: &payload)
        lines.logger.record(
            .replayed(Array(payload.readableBytesView)), of: submission(.create(try request(), key: nil), .reservationCreate))
        lines.logger.record(.refused(.slotFull([])), of: submission(.create(try request(), key: nil), .reservationCreate))
        let ids = "request_id=request-1 reservation_id=9 slot_date=2026-12-05 slot_id=3 ticket_id=7"
        #expect(
            lines.all == [
                "info reservation.creation.success customer_email=a***@example.com \(ids)",
                "info reservation.creation.success customer_email=a***@example.com replayed=true \(ids)",
                "info reservation.creation.failed reason=SLOT_FULL request_id=request-1 slot_id=3 ticket_id=7",
            ])
    }

    private func refuse(_ message: some WireMessage, _ opcode: Opcode) throws {
        var payload = ByteBuffer()
        Payload.encode(message, as: .json, into: &payload)
        let accepted = AcceptedRequest(opcode: opcode, requestID: 1, deadlineMilliseconds: 0, encoding: .json, payload: payload)
        do {
            _ = try RequestDecoder().command(accepted, role: .service)
            Issue.record("this is no refusal")
        } catch RequestDecoder.Problem.refused(let refusal) {
            lines.logger.recordFormRefusal(refusal, of: accepted)
        }
    }

    @Test("of a request of bad form only what is of good form is told")
    func badForm() throws {
        try refuse(ValidateTicketRequest(orq: 1, ticketCode: "secret", requestID: "r-2"), .ticketValidate)
        try refuse(
            VerifyContactRequest(orq: 1, ticketID: 7, customerEmail: "ana@example.com", customerPhone: "secret", requestID: "r-3"),
            .contactVerify)
        try refuse(
            CreateReservationRequest(
                orq: 1, ticketID: 7, slotID: 3, customerEmail: "ana@example.com", customerPhone: "+12025551234", requestID: "a secret"),
            .reservationCreate)
        #expect(
            lines.all == [
                "info ticket.validation.requested request_id=r-2 result=invalid ticket_code=***",
                "info ticket.validation.failed reason=INVALID_TICKET_CODE request_id=r-2 ticket_code=***",
                "info contact.verification.requested customer_email=a***@example.com customer_phone=*** request_id=r-3 ticket_id=7",
                "info contact.verification.failed reason=INVALID_CONTACT request_id=r-3 ticket_id=7 validation_errors=customer_phone",
                "info reservation.creation.failed reason=INVALID_REQUEST slot_id=3 ticket_id=7 validation_errors=request_id",
            ])
    }

    @Test("the name of a request is no part of what it asks")
    func fingerprint() throws {
        let named = try request()
        let other = BookingRules.Request(
            organization: named.organization, ticket: named.ticket, code: nil, slot: named.slot, contact: named.contact,
            name: RequestName("another"))
        #expect(named.fingerprint == other.fingerprint)
    }
}

/// What is logged, as `level event key=value …` with the keys in alphabetical order.
private final class Lines: Sendable {
    private let list = Mutex<[String]>([])

    var all: [String] { list.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: Lines
        var logLevel: Logger.Level = .info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = LogFields.unfolded(event.metadata).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            lines.list.withLock { $0.append((["\(event.level)", "\(event.message)"] + fields).joined(separator: " ")) }
        }
    }
}
