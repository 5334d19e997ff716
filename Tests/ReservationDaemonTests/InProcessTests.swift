import Foundation
import NIOCore
import ReservationCore
import ReservationStore
import ReservationWire
import Testing

@testable import ReservationDaemon

@Suite("A connection within the process")
struct InProcessTests {
    private func exchange<O: ReservationWire.Operation>(
        _: O.Type, _ request: O.Request, id: UInt64, on connection: InProcessConnection
    ) throws -> (header: FrameHeader, response: O.Response) {
        var bytes = ByteBuffer()
        Frames.write(FrameHeader(.request, opcode: O.opcode.rawValue, requestID: id, encoding: .tlv), request, into: &bytes)
        var decoder = FrameDecoder(receiving: .server)
        decoder.append(try connection.exchange(bytes))
        let frame = try #require(try decoder.next())
        return (frame.header, try Payload.decode(O.Response.self, from: frame.payload, as: .tlv))
    }

    @Test("stores and replays a booking as any other does")
    func booking() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "in-process-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let connection = try InProcessConnection(
            store: try SQLiteReservationStore(path: folder.path + "/r.sqlite"), role: .admin, clock: { Instant(seconds: 1_800_000_000) })
        var hello = ByteBuffer()
        Frames.hello(Hello(magic: WireLimits.magic, versionMin: 1, versionMax: 1), encoding: .tlv).write(into: &hello)
        #expect(try connection.exchange(hello).getInteger(at: 4, as: UInt8.self) == FrameType.helloAck.rawValue)

        _ = try exchange(AddOrganization.self, AddOrganizationRequest(orq: 1, timeZone: "Etc/UTC", name: "Museum"), id: 1, on: connection)
        let day = try #require(CalendarDate(year: 2100, month: 1, day: 1))
        let (start, end) = (try #require(TimeOfDay(hour: 12, minute: 0)), try #require(TimeOfDay(hour: 14, minute: 0)))
        let slot = try exchange(
            CreateSlot.self, CreateSlotRequest(orq: 1, date: day, startTime: start, endTime: end, totalCapacity: 1), id: 2, on: connection
        ).response.slots[0]
        let ticket = try exchange(
            IssueTickets.self, IssueTicketsRequest(orq: 1, productID: 5, orderID: 456, count: 1), id: 3, on: connection
        ).response.tickets[0]
        let wish = CreateReservationRequest(
            orq: 1, ticketID: ticket.ticketID, slotID: slot.slotID, idempotencyKey: 7, customerEmail: "john@example.com",
            customerPhone: "+12025551234")
        let first = try exchange(CreateReservation.self, wish, id: 4, on: connection)
        let again = try exchange(CreateReservation.self, wish, id: 5, on: connection)
        #expect(first.response.ticketID == ticket.ticketID)
        #expect(!first.header.isReplayed)
        #expect(again.header.isReplayed)
        #expect(again.response == first.response)
    }
}
