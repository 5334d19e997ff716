import ReservationCore
import ReservationWire
import Testing

@Suite("Refusals and domain values on the wire")
struct RefusalTests {
    private static let slot = makeSlot()

    static let refusals: [(Refusal, String)] = [
        (.invalidRequest([FieldProblem(field: "month", message: "bad")]), "INVALID_REQUEST"), (.invalidTicketCode, "INVALID_TICKET_CODE"),
        (.invalidContact([FieldProblem(field: "customer_email", message: "bad")]), "INVALID_CONTACT"),
        (.ticketNotFound, "TICKET_NOT_FOUND"), (.slotNotFound, "SLOT_NOT_FOUND"), (.organizationNotFound, "ORGANIZATION_NOT_FOUND"),
        (.resultTooLarge, "RESULT_TOO_LARGE"), (.ticketAlreadyReserved(CalendarDate("2026-12-05")), "TICKET_ALREADY_RESERVED"),
        (.ticketAlreadyReserved(nil), "TICKET_ALREADY_RESERVED"), (.ticketNotActivated, "TICKET_NOT_ACTIVATED"),
        (.ticketExpired, "TICKET_EXPIRED"), (.ticketAlreadyUsed, "TICKET_ALREADY_USED"), (.slotFull([slot].compactMap { $0 }), "SLOT_FULL"),
        (.slotClosed(started: true), "SLOT_CLOSED"), (.idempotencyKeyReused, "IDEMPOTENCY_KEY_REUSED"),
        (.alreadyExists("Slot"), "ALREADY_EXISTS"), (.capacityBelowBooked(booked: 3), "CAPACITY_BELOW_BOOKED"),
        (.organizationMismatch, "ORGANIZATION_MISMATCH"), (.ticketCodeRequired, "TICKET_CODE_REQUIRED"),
    ]

    @Test("every refusal travels under the status of its name, with its message", arguments: refusals)
    func refusalsHaveStatuses(refusal: Refusal, name: String) {
        #expect(Status(refusal).name == name)
        #expect(ErrorReply(refusal).message == refusal.message)
    }

    @Test("a refusal carries what the caller needs to go on, and nothing else")
    func refusalsCarryDetails() throws {
        let slot = try #require(Self.slot)
        let date = try #require(CalendarDate("2026-12-05"))
        let problem = FieldProblem(field: "customer_phone", message: "bad")
        let contact = Refusal.invalidContact([problem])
        #expect(
            ErrorReply(contact)
                == ErrorReply(message: contact.message, validationErrors: [ValidationError(message: "bad", field: "customer_phone")]))
        let reserved = Refusal.ticketAlreadyReserved(date)
        #expect(ErrorReply(reserved) == ErrorReply(message: reserved.message, reservedDate: date))
        let full = Refusal.slotFull([slot])
        let alternative = AlternativeSlot(
            slotID: 10, date: slot.date, startTime: slot.startTime, endTime: slot.endTime, totalCapacity: 200, bookedCount: 150)
        #expect(ErrorReply(full) == ErrorReply(message: full.message, alternativeSlots: [alternative]))
        #expect(ErrorReply(.slotNotFound) == ErrorReply(message: Refusal.slotNotFound.message))
    }

    @Test("a slot's message holds the slot's values")
    func slotMessage() throws {
        let slot = try #require(Self.slot)
        let message = SlotMessage(slot)
        #expect(message.orq == 3 && message.slotID == 10 && message.status == "CLOSED")
        #expect(message.date == slot.date && message.startTime == slot.startTime && message.endTime == slot.endTime)
        #expect(message.totalCapacity == 200 && message.bookedCount == 150)
        #expect([message.startsAt, message.createdAt, message.updatedAt].map(\.seconds) == [100, 200, 300])
        #expect(
            SlotTime(slot) == SlotTime(date: slot.date, startTime: slot.startTime, endTime: slot.endTime, startsAt: Instant(seconds: 100)))
    }

    @Test("a ticket's message holds the ticket's values and its reservation's")
    func ticketMessage() throws {
        let slot = try #require(Self.slot)
        let id = try #require(TicketID(Int64(77)))
        let code = try #require(TicketCode("TKT-2026-ABC123-DEF456"))
        let ticket = Ticket(
            id: id, code: code, organization: slot.organization, productID: 5, orderID: 6, status: .reserved,
            createdAt: Instant(seconds: 1), updatedAt: Instant(seconds: 2))
        let reservation = Reservation(
            id: try #require(ReservationID(Int64(9))), ticket: id, slot: slot.id, organization: slot.organization,
            email: try #require(EmailAddress("ana@example.com")), phone: try #require(PhoneNumber("+12025551234")), status: .reserved,
            reservedAt: Instant(seconds: 3))
        let message = TicketMessage(ticket, reservation: ReservationMessage(reservation, slot: slot))
        #expect(message.orq == 3 && message.ticketID == 77 && message.ticketCode == code.text && message.status == "RESERVED")
        #expect(message.productID == 5 && message.orderID == 6)
        #expect(message.createdAt.seconds == 1 && message.updatedAt.seconds == 2)
        let nested = try #require(message.reservation)
        #expect(nested.reservationID == 9 && nested.slotID == 10 && nested.status == "RESERVED" && nested.reservedAt.seconds == 3)
        #expect(nested.customerEmail == "ana@example.com" && nested.customerPhone == "+12025551234")
        #expect(nested.slot == SlotTime(slot))
    }

    @Test("an organisation's and a finding's message hold their values")
    func otherMessages() throws {
        let id = try #require(OrganizationID(Int64(3)))
        let organization = Organization(
            id: id, name: "Museum", timeZone: "Asia/Taipei", allowsStarted: true, createdAt: Instant(seconds: 8))
        #expect(
            OrganizationMessage(organization)
                == OrganizationMessage(
                    orq: 3, createdAt: Instant(seconds: 8), timeZone: "Asia/Taipei", name: "Museum", allowStarted: true))
        #expect(
            FindingMessage(Finding(check: "integrity", passed: false, detail: "row 17"))
                == FindingMessage(check: "integrity", ok: false, detail: "row 17"))
    }

    @Test("an organisation's profile holds what the organisation has been given, and nothing else")
    func profileMessage() throws {
        let id = try #require(OrganizationID(Int64(3)))
        let bare = Organization(id: id, name: "Museum", timeZone: "Asia/Taipei", allowsStarted: false, createdAt: Instant(seconds: 8))
        var message = OrganizationProfileResponse(
            orq: 3, createdAt: Instant(seconds: 8), updatedAt: Instant(seconds: 8), timeZone: "Asia/Taipei", name: "Museum",
            allowStarted: false)
        #expect(OrganizationProfileResponse(bare, logo: nil) == message)
        let profile = OrganizationProfile(
            accentColor: AccentColor("#17E"), contactEmail: EmailAddress("info@example.com"), contactPhone: PhoneNumber("+12025551234"),
            website: WebsiteURL("https://Example.com/visit"))
        let full = Organization(
            id: id, name: "Museum", timeZone: "Asia/Taipei", allowsStarted: false, profile: profile, createdAt: Instant(seconds: 8),
            updatedAt: Instant(seconds: 9))
        message.updatedAt = Instant(seconds: 9)
        message.accentColor = "#1177ee"
        message.logo = [0xFF, 0xD8, 0xFF]
        message.contactEmail = "info@example.com"
        message.contactPhone = "+12025551234"
        message.website = "https://example.com/visit"
        #expect(OrganizationProfileResponse(full, logo: try Logo([0xFF, 0xD8, 0xFF])) == message)
    }

    private static func makeSlot() -> Slot? {
        guard let id = SlotID(Int64(10)), let organization = OrganizationID(Int64(3)), let date = CalendarDate("2026-12-05"),
            let start = TimeOfDay("12:00:00"), let end = TimeOfDay("14:30:15")
        else { return nil }
        return Slot(
            id: id, organization: organization, date: date, startTime: start, endTime: end, startsAt: Instant(seconds: 100),
            totalCapacity: 200, bookedCount: 150, status: .closed, createdAt: Instant(seconds: 200), updatedAt: Instant(seconds: 300))
    }
}
