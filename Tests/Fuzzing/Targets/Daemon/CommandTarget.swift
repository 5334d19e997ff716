import NIOCore
import ReservationCore
import ReservationMetrics
import ReservationWire

@testable import ReservationDaemon

/// Whatever a payload says, the daemon makes a command of valid form of it, or a refusal that a caller can read.
enum CommandTarget: FuzzTarget {
    static let name = "commands"

    static func check(_ bytes: [UInt8]) throws {
        var input = InputCursor(bytes)
        let opcode = MessageTypes.pickOpcode(&input)
        let role = input.pick(Role.allCases)
        let encoding: Encoding = input.byte() & 1 == 0 ? .tlv : .json
        let request = AcceptedRequest(
            opcode: opcode, requestID: 1, deadlineMilliseconds: 1000, encoding: encoding, payload: ByteBuffer(bytes: input.rest()))
        let command: Command
        do throws(RequestDecoder.Problem) {
            command = try RequestDecoder().command(request, role: role)
        } catch {
            return try check(error, to: request)
        }
        try check(command)
    }

    private static func check(_ command: Command) throws(Finding) {
        switch command {
        case .create(let request, _):
            try checkContact(request.contact)
            try checkName(request.name)
        case .verifyContact(_, _, _, let contact, let name):
            try checkContact(contact)
            try checkName(name)
        case .validate(_, _, let name): try checkName(name)
        case .issue(let order):
            try require((1...Limits.ticketsPerRequest).contains(order.count), "the count of tickets is bounded")
            try require(order.count == 1 || (order.id == nil && order.code == nil), "one id or code is for one ticket")
            try require(order.status != .reserved, "a new ticket is not reserved")
            try require(order.productID >= 0 && order.orderID >= 0, "a foreign id is not negative")
        case .importTickets(let drafts, _):
            try require(drafts.count <= Limits.ticketsPerRequest, "the count of rows is bounded")
            try require(drafts.allSatisfy { $0.status != .reserved }, "a new ticket is not reserved")
            try require(drafts.allSatisfy { $0.productID >= 0 && $0.orderID >= 0 }, "a foreign id is not negative")
        case .addOrganization(let draft):
            try require((1...Limits.organizationNameBytes).contains(draft.name.utf8.count), "a name is bounded")
        case .setOrganization(let change): try checkChange(change)
        case .createSlot(let draft):
            try require(draft.startTime < draft.endTime, "a slot ends after its start")
            try checkCapacity(draft.totalCapacity)
        case .generateSlots(let plan):
            try require(plan.from <= plan.to && plan.times.allSatisfy { $0.start < $0.end }, "slots end after their start")
            let days = Int(plan.to.dayNumber - plan.from.dayNumber) + 1
            try require(days * plan.times.count <= Limits.slotsPerRequest, "the count of slots is bounded")
            try checkCapacity(plan.totalCapacity)
            try require(plan.exceptions.count <= Limits.exceptionsPerRequest, "exceptions are bounded")
        case .listSlots(let query): try require((1...Limits.slotsPerPage).contains(query.limit), "a page is bounded")
        case .setSlotCapacity(_, let capacity): try checkCapacity(capacity)
        case .outbox(let command): try checkOutbox(command)
        case .life(let command): try checkLife(command)
        case .calendar(let command): try checkCalendar(command)
        case .personalData(.export(let order)), .personalData(.erase(let order, _)): try checkPerson(order.person)
        case .setSlotOpen(_, _, let reason): try checkReason(reason)
        case .metrics(.report(let report)): try checkReport(report)
        case .backup(.begin(let path, let keep)):
            try require(path.hasPrefix("/") && path.utf8.count <= Limits.backupPathBytes, "a backup's path is absolute and bounded")
            try require(path.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "a backup's path has no control characters")
            try require(keep.map { (1...Limits.keptBackups).contains($0) } ?? true, "the number of backups is bounded")
        case .events(.subscribe(.behind(let position))): try require(position >= 0, "a position is not negative")
        case .events(.read), .sweep: try require(false, "nobody outside asks for this")
        case .available, .events(.subscribe), .health, .months, .showOrganization, .showTicket, .listOrganizations, .status,
            .doctor,
            .repair, .backup(.follow), .heartbeat, .metrics(.read):
            break
        }
    }

    private static func checkName(_ name: RequestName?) throws(Finding) {
        guard let name else { return }
        try require((1...64).contains(name.text.utf8.count), "the name of a request is bounded")
        try require(!name.text.contains { $0.isWhitespace || $0 == "=" }, "the name of a request cannot look like another field of a line")
    }

    private static func checkContact(_ contact: Contact) throws(Finding) {
        try require(EmailAddress(contact.email.text) == contact.email, "an address is one")
        try require(PhoneNumber(contact.phone.text) == contact.phone, "a number is one")
        try require(contact.email != .erased, "nobody is called as those are who were erased")
    }

    /// A placeholder would mean everybody who was erased.
    private static func checkPerson(_ person: PersonalSubject) throws(Finding) {
        switch person {
        case .email(let address): try require(EmailAddress(address.text) == address && address != .erased, "an address is somebody's")
        case .phone(let number):
            try require(PhoneNumber(number.text, minimumDigits: 2) == number && number != .erased, "a number is somebody's")
        case .anybody: try require(false, "nobody outside means everybody")
        }
    }

    private static func checkChange(_ change: OrganizationChange) throws(Finding) {
        try require(change.name.map { (1...Limits.organizationNameBytes).contains($0.utf8.count) } ?? true, "a name is bounded")
        if let color = change.accentColor?.value { try require(AccentColor(color.description) == color, "a color is one") }
        if let email = change.contactEmail?.value { try require(EmailAddress(email.text) == email, "an address is one") }
        if let phone = change.contactPhone?.value { try require(PhoneNumber(phone.text) == phone, "a number is one") }
        if let website = change.website?.value { try require(WebsiteURL(website.text) == website, "a website is one") }
        if let days = change.retentionDays?.value { try require((1...Limits.retentionDays).contains(days), "a period is bounded") }
        try require((change.logo?.value?.bytes.count ?? 0) <= Limits.logoBytes, "a logo is bounded")
    }

    private static func checkOutbox(_ command: OutboxCommand) throws(Finding) {
        switch command {
        case .lease(let order):
            try require((1...Limits.deliveriesPerLease).contains(order.limit), "a lease is bounded")
            try require((1_000...3_600_000).contains(order.leaseMilliseconds), "a lease ends")
            try require((0...60_000).contains(order.waitMilliseconds), "patience ends")
        case .report(_, let lease, let report):
            try require(lease >= 0, "a lease is not negative")
            switch report {
            case .sent(let name): try require(name?.utf8.count ?? 0 <= Limits.providerNameBytes, "a name is bounded")
            case .retry(let pause, let reason):
                try require((0...(7 * 24 * 3_600_000)).contains(pause), "a pause ends")
                try require(reason.utf8.count <= Limits.deliveryDetailBytes, "a reason is bounded")
            case .givenUp(let reason): try require(reason.utf8.count <= Limits.deliveryDetailBytes, "a reason is bounded")
            }
        case .list(let query): try require((1...Limits.outboxEntriesPerPage).contains(query.limit), "a page is bounded")
        case .show, .requeue, .cancel, .resend: break
        }
    }

    private static func checkReport(_ report: ProgramReport) throws(Finding) {
        let text = report.exposition.text
        let again = try? ProgramReport(program: report.program, text: text)
        // Numbers may be written in more digits than they came in.
        try require(text.utf8.count > Exposition.Bounds.report.bytes || again == report, "what is accepted is read again as it was")
        try require(report.exposition.families.allSatisfy { !$0.name.hasPrefix("reservationd_") }, "nobody speaks for the daemon")
    }

    private static func checkLife(_ command: LifeCommand) throws(Finding) {
        switch command {
        case .cancel(_, let occasion), .move(_, _, let occasion, _):
            try checkReason(occasion.reason)
        case .history(let order): try require((1...Limits.historyEntriesPerPage).contains(order.query.limit), "a page is bounded")
        case .listTickets(let query, _): try require((1...Limits.ticketsPerPage).contains(query.limit), "a page is bounded")
        case .list(let order): try require((1...Limits.reservationsPerPage).contains(order.limit), "a page is bounded")
        case .activate, .expire, .checkIn, .show: break
        }
    }

    private static func checkReason(_ words: String?) throws(Finding) {
        let reason = words ?? ""
        try require(reason.utf8.count <= Limits.reasonBytes, "a reason is bounded")
        try require(!reason.unicodeScalars.contains { $0.properties.generalCategory == .control }, "a reason is one line")
    }

    private static func checkCalendar(_ command: CalendarCommand) throws(Finding) {
        switch command {
        case .setOpen(_, let selection, let occasion), .delete(let selection, let occasion):
            try require(selection.from <= selection.to && !selection.weekdays.isEmpty, "some day is chosen")
            try checkReason(occasion.reason)
        case .deleteOne(_, let occasion): try checkReason(occasion.reason)
        }
    }

    private static func checkCapacity(_ capacity: Int) throws(Finding) {
        try require((1...Limits.slotCapacity).contains(capacity), "a capacity is bounded")
    }

    private static func check(_ problem: RequestDecoder.Problem, to request: AcceptedRequest) throws(Finding) {
        let (status, reply) =
            switch problem {
            case .malformed(let error): (Status.malformedPayload, ErrorReply(message: error.message))
            case .refused(let refusal): (Status(refusal), ErrorReply(refusal))
            }
        try require(status.statusClass != .ok && !reply.message.isEmpty, "a refusal says what is wrong")
        let frame = Frames.error(to: request.replyAddress, status, reply)
        let read = try? Payload.decode(ErrorReply.self, from: frame.payload, as: frame.header.encoding)
        try require(read == reply, "a refusal is read as it was meant")
    }
}
