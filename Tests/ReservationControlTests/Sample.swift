import NIOCore
import ReservationCore
import ReservationWire
import Testing

@testable import ReservationControl

/// What daemons of these tests answer.
enum Sample {
    static func slot(_ id: UInt64) throws -> SlotMessage {
        SlotMessage(
            orq: 1, slotID: id, status: "ACTIVE", date: try #require(CalendarDate("2025-11-14")),
            startTime: try #require(TimeOfDay("10:00:00")), endTime: try #require(TimeOfDay("12:00:00")),
            startsAt: Instant(seconds: 1_763_110_800), totalCapacity: 200, bookedCount: 150, createdAt: Instant(seconds: 1),
            updatedAt: Instant(seconds: 2))
    }

    static func ticket(_ id: UInt64) -> TicketMessage {
        TicketMessage(
            orq: 1, ticketID: id, ticketCode: "TKT-2025-ABC123-DEF456", productID: 5, orderID: 6, status: "ACTIVATED",
            createdAt: Instant(seconds: 1), updatedAt: Instant(seconds: 2), reservation: nil)
    }

    static func reservedTicket() throws -> TicketMessage {
        let slot = try slot(3)
        var ticket = ticket(7)
        ticket.status = "RESERVED"
        ticket.reservation = ReservationMessage(
            slotID: 3, reservationID: 11, customerEmail: "ada.lovelace@example.com", customerPhone: "+4930123456", status: "RESERVED",
            reservedAt: Instant(seconds: 1_763_000_000),
            slot: SlotTime(date: slot.date, startTime: slot.startTime, endTime: slot.endTime, startsAt: slot.startsAt))
        return ticket
    }

    static func outboxEntry(_ id: UInt64, status: String = "QUEUED", error: String? = nil) -> OutboxEntryMessage {
        OutboxEntryMessage(
            orq: 1, ticketCode: "TKT-2025-ABC123-DEF456", reservationID: 11, customerEmail: "ada.lovelace@example.com",
            customerPhone: "+4930123456", status: status, createdAt: Instant(seconds: 1_763_000_000),
            updatedAt: Instant(seconds: 1_763_000_060), language: "de", outboxID: id, attempt: 2, kind: "email",
            nextAttemptAt: status == "QUEUED" ? Instant(seconds: 1_763_000_120) : nil, lastError: error,
            firstQueuedAt: Instant(seconds: 1_763_000_000), requestID: "9b8f3c5e21d7046a")
    }

    static let status = DaemonStatusResponse(
        instanceID: 255, writable: true, uptimeSeconds: 61, softwareVersion: "1", organizationCount: 1, slotCount: 2, ticketCount: 3,
        reservationCount: 4, outboxPendingCount: 5, connectionCount: 6, queueDepth: 7, requestCount: 8, batchCount: 9, commitCount: 4,
        commitTimeMicroseconds: 1000, databaseBytes: 4096, outboxSentCount: 10, outboxFailedCount: 2, outboxOldestSeconds: 3661)
}

extension AnsweringDaemon {
    /// Runs reservationctl against it.
    func run(_ words: String...) async -> ControlProgram.Ending {
        await run(words)
    }

    func run(_ words: [String]) async -> ControlProgram.Ending {
        await ControlProgram.run(arguments: words, environment: ControlEnvironment(["RESERVATION_SOCKET": socketPath]))
    }
}

extension ControlProgram.Ending {
    /// Standard output.
    var text: String { String(buffer: output) }
}
