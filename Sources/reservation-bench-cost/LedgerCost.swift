import NIOCore
import ReservationCore
import ReservationDaemon
import ReservationStore
import ReservationWire

/// The whole way of a request through the daemon, without sockets: frame, session, rules, store, commit, answer.
///
/// Every run makes as many tickets as the largest one needs, so that the database and the start cost the same whatever the count.
final class LedgerCost {
    private static let ticketCount = 2560
    /// As many as share a commit.
    private static let groupSize = 64
    private let connection: InProcessConnection
    private var lastID: UInt64 = 0

    init(directory: String) throws {
        let store = try SQLiteReservationStore(path: "\(directory)/cost.sqlite")
        connection = try InProcessConnection(store: store, role: .admin, clock: { Instant(seconds: 1_800_000_000) })
        var hello = ByteBuffer()
        Frames.hello(Hello(magic: WireLimits.magic, versionMin: 1, versionMax: 1), encoding: .tlv).write(into: &hello)
        _ = try connection.exchange(hello)
        try furnish()
    }

    private func furnish() throws {
        try ask(
            AddOrganization.self, AddOrganizationRequest(orq: SampleFrames.organization, timeZone: "Etc/UTC", name: "Sample"))
        guard let day = CalendarDate(year: 2100, month: 1, day: 1), let start = TimeOfDay(hour: 12, minute: 0),
            let end = TimeOfDay(hour: 14, minute: 0), let last = day.adding(days: SampleFrames.slotCount - 1)
        else { throw CostFailure(message: "no such day") }
        try ask(
            GenerateSlots.self,
            GenerateSlotsRequest(
                orq: SampleFrames.organization, totalCapacity: 100_000, dateFrom: day, dateTo: last,
                weekdays: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], times: [TimeRange(startTime: start, endTime: end)]))
        for first in stride(from: 0, to: Self.ticketCount, by: 512) {
            let rows = (first..<first + 512).map {
                ImportRow(
                    orq: SampleFrames.organization, ticketID: SampleFrames.ticketID($0), ticketCode: SampleFrames.ticketCode($0),
                    productID: 5, orderID: 456)
            }
            try ask(ImportTickets.self, ImportTicketsRequest(tickets: rows))
        }
    }

    func create(_ count: Int) throws {
        guard count <= Self.ticketCount else { throw CostFailure(message: "at most \(Self.ticketCount)") }
        try inGroups(count) { write(CreateReservation.self, SampleFrames.creation($0), into: &$1) }
    }

    func validate(_ count: Int) throws {
        try inGroups(count) { number, buffer in
            let request = ValidateTicketRequest(
                orq: SampleFrames.organization, ticketCode: SampleFrames.ticketCode(number % Self.ticketCount),
                requestID: "request-\(10_000 + number)")
            write(ValidateTicket.self, request, into: &buffer)
        }
    }

    private func inGroups(_ count: Int, _ write: (Int, inout ByteBuffer) -> Void) throws {
        for first in stride(from: 0, to: count, by: Self.groupSize) {
            var requests = ByteBuffer()
            for number in first..<min(first + Self.groupSize, count) { write(number, &requests) }
            try Self.requireResponses(try connection.exchange(requests))
        }
    }

    private func ask<O: Operation>(_: O.Type, _ request: O.Request) throws {
        var buffer = ByteBuffer()
        write(O.self, request, into: &buffer)
        try Self.requireResponses(try connection.exchange(buffer))
    }

    private func write<O: Operation>(_: O.Type, _ request: O.Request, into buffer: inout ByteBuffer) {
        lastID += 1
        SampleFrames.write(O.self, request, id: lastID, into: &buffer)
    }

    /// A refusal is cheap, and a measurement of refusals would be none.
    private static func requireResponses(_ answers: ByteBuffer) throws {
        var position = answers.readerIndex
        while position < answers.writerIndex {
            guard let length = answers.getInteger(at: position, as: UInt32.self),
                let type = answers.getInteger(at: position + 4, as: UInt8.self),
                let status = answers.getInteger(at: position + 20, as: UInt16.self)
            else { throw CostFailure(message: "an answer is cut off") }
            guard type == FrameType.response.rawValue || type == FrameType.helloAck.rawValue else {
                throw CostFailure(message: "a request was refused: \(Status(rawValue: status)?.name ?? "\(status)")")
            }
            position += WireLimits.headerBytes + Int(length)
        }
    }
}
