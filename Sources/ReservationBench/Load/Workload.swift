import Glibc
import NIOCore
import ReservationWire

/// Whom the requests of a run are about.
struct Workload: Sendable {
    /// What is asked, over and over.
    enum Subject: String, CaseIterable, Sendable {
        case create
        case validate
        case available
        /// Nothing: a path that answers at once, to learn what the server itself costs. HTTP only.
        case empty
    }

    let subject: Subject
    let organization: UInt64
    /// Of the calendar that is asked for.
    let month: String
    let slots: [UInt64]
    let tickets: [(id: UInt64, code: String)]

    /// RSV/1 frames, one for each number below `count`.
    func frames(_ count: Int, encoding: Encoding, keys: KeyOrder) throws(BenchFailure) -> RequestBook {
        var book = RequestBook()
        for number in 0..<count {
            switch subject {
            case .create: append(ReservationWire.CreateReservation.self, creation(number, key: keys.key(number)), encoding, to: &book)
            case .validate:
                append(
                    ValidateTicket.self, ValidateTicketRequest(orq: organization, ticketCode: ticket(number).code), encoding, to: &book)
            case .available: append(AvailableSlots.self, AvailableSlotsRequest(orq: organization, month: month), encoding, to: &book)
            case .empty: throw BenchFailure("Only HTTP has a path that answers with nothing")
            }
        }
        return book
    }

    private func append<O: Operation>(_: O.Type, _ request: O.Request, _ encoding: Encoding, to book: inout RequestBook) {
        // The id is the number plus one, as the scanner reads it back.
        let header = FrameHeader(.request, opcode: O.opcode.rawValue, requestID: UInt64(book.count + 1), encoding: encoding)
        book.append { Frames.write(header, request, into: &$0) }
    }

    private func creation(_ number: Int, key: UInt128?) -> CreateReservationRequest {
        CreateReservationRequest(
            orq: organization, ticketID: ticket(number).id, slotID: slot(number), idempotencyKey: key,
            customerEmail: email(number), customerPhone: "+12025550100")
    }

    /// HTTP/1.1 requests, one for each number below `count`.
    func httpRequests(_ count: Int) -> RequestBook {
        var book = RequestBook()
        for number in 0..<count {
            switch subject {
            case .create:
                let body =
                    #"{"ticket_id":\#(ticket(number).id),"slot_id":\#(slot(number)),"customer_email":"\#(email(number))","customer_phone":"+12025550100"}"#
                post("/api/reservations/create", body, to: &book)
            case .validate: post("/api/tickets/validate", #"{"ticket_code":"\#(ticket(number).code)"}"#, to: &book)
            case .empty: post("/empty", #"{"ticket_code":"\#(ticket(number).code)"}"#, to: &book)
            case .available:
                book.append { $0.writeString("GET /api/reservation-slots/available?month=\(month) HTTP/1.1\r\n\(headers)\r\n") }
            }
        }
        return book
    }

    private var headers: String { "Host: 127.0.0.1\r\nX-Orq: \(organization)\r\n" }

    private func post(_ path: String, _ body: String, to book: inout RequestBook) {
        book.append {
            $0.writeString(
                "POST \(path) HTTP/1.1\r\n\(headers)Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
    }

    private func ticket(_ number: Int) -> (id: UInt64, code: String) { tickets[number % tickets.count] }
    private func slot(_ number: Int) -> UInt64 { slots[number % slots.count] }
    private func email(_ number: Int) -> String { "guest\(number)@example.com" }
}

/// Which idempotency keys the creates over the socket carry.
enum KeyOrder: String, CaseIterable, Sendable {
    /// As the gateway makes them: the time first.
    case rising
    case random
    case none

    func key(_ number: Int) -> UInt128? {
        var time = timespec()
        switch self {
        case .none: return nil
        case .random: return UInt128.random(in: 0...(.max))
        case .rising:
            clock_gettime(CLOCK_REALTIME, &time)
            return UInt128(time.tv_sec * 1000 + time.tv_nsec / 1_000_000) << 80 | UInt128.random(in: 0..<(1 << 80))
        }
    }
}
