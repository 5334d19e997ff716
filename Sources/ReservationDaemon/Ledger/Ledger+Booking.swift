import NIOCore
import ReservationCore
import ReservationWire

extension Ledger {
    /// Decides one command against what the group has done so far. Everything it changes is undone if the group fails.
    ///
    /// - Parameter caller: for the history.
    func execute(_ command: Command, from caller: Caller, now: Instant) throws(StorageFailure) -> Outcome {
        switch command {
        case .validate(let organization, let code, _): try validate(code, in: organization, now: now)
        case .verifyContact(let organization, let ticket, let code, let contact, _):
            try verify(contact, ticket: ticket, code: code, in: organization)
        case .available(let organization, let period): available(period, in: organization, now: now)
        case .create(let request, let key): try create(request, key: key, now: now)
        case .health: .health(writable: isWritable)
        case .months(let organization): months(of: organization, now: now)
        case .showOrganization(let id): try showOrganization(id)
        case .issue(let order): try issue(order, now: now)
        case .importTickets(let drafts, let isDryRun): try importTickets(drafts, isDryRun: isDryRun, now: now)
        case .showTicket(let reference): try show(reference, now: now)
        case .addOrganization(let draft): try add(draft, now: now)
        case .listOrganizations: .organizations(organizations.values.map(\.organization).sorted { $0.id < $1.id })
        case .setOrganization(let change): try set(change, from: caller, now: now)
        case .createSlot(let draft): try createSlot(draft, from: caller, now: now)
        case .generateSlots(let plan): try generate(plan, from: caller, now: now)
        case .listSlots(let query): list(query)
        case .setSlotOpen(let id, let open, let reason): try setOpen(open, slot: id, reason: reason, from: caller, now: now)
        case .setSlotCapacity(let id, let capacity): try setCapacity(capacity, slot: id, from: caller, now: now)
        case .status: try statusOutcome(now: now)
        case .doctor: try examine()
        case .repair: try repair(now: now)
        // A socket server has these done beside the ledger, see Upkeep.
        case .backup: .refused(.backupFailed("Backups are made by a daemon that listens on sockets."))
        case .heartbeat, .metrics: .alive
        case .outbox(let command): try execute(command, now: now)
        case .life(let command): try execute(command, from: caller, now: now)
        case .events(let command): try execute(command)
        case .sweep(let command): try execute(command, now: now)
        case .calendar(let command): try execute(command, from: caller, now: now)
        case .personalData(let command): try execute(command, from: caller, now: now)
        }
    }

    private func validate(_ code: TicketCode, in organization: OrganizationID, now: Instant) throws(StorageFailure) -> Outcome {
        guard let stored = try store.ticket(code, in: organization) else { return .refused(.ticketNotFound) }
        let ticket = current(stored, now: now)
        return try refusal(for: ticket).map { .refused($0) } ?? .validated(ticket)
    }

    /// Form is all that is verified; with a code, also that it is the ticket's. Without one nothing is said about the ticket, or anybody
    /// could find out which ids exist.
    private func verify(
        _ contact: Contact, ticket id: TicketID, code: TicketCode?, in organization: OrganizationID
    ) throws(StorageFailure) -> Outcome {
        guard let code else { return .contactVerified(contact) }
        guard let ticket = try store.ticket(id), ticket.code == code, ticket.organization == organization else {
            return .refused(.ticketNotFound)
        }
        return .contactVerified(contact)
    }

    private func available(_ period: Period, in organization: OrganizationID, now: Instant) -> Outcome {
        guard let state = organizations[organization] else { return .refused(.organizationNotFound) }
        let month: YearMonth
        var days: ClosedRange<Int32>
        switch period {
        case .date(let date):
            month = date.month
            days = date.dayNumber...date.dayNumber
        case .month(let wanted):
            month = wanted
            days = wanted.dayNumbers
        case .currentMonth:
            guard let today = state.zone.date(at: now) else { return .refused(.resultTooLarge) }
            month = today.month
            days = month.dayNumbers
        }
        let open = slots.slots(of: organization, on: days).filter { $0.status != .closed }
        return .available(month: month, timeZone: state.organization.timeZone, slots: open)
    }

    private func create(_ request: BookingRules.Request, key: IdempotencyKey?, now: Instant) throws(StorageFailure) -> Outcome {
        var fingerprint: UInt128 = 0
        if let key {
            fingerprint = request.fingerprint
            if let record = try store.idempotencyRecord(key) {
                return record.fingerprint == fingerprint ? .replayed(record.reply) : .refused(.idempotencyKeyReused)
            }
        }
        let slot = slots[request.slot]
        let ticket = try slot == nil ? nil : store.ticket(request.ticket).map { current($0, now: now) }
        let allowsStarted = slot.flatMap { organizations[$0.organization] }?.organization.allowsStarted ?? false
        let decision = BookingRules.decide(request, ticket: ticket, slot: slot, allowsStarted: allowsStarted, now: now)
        guard decision == .accepted, let slot, let ticket else {
            return .refused(try refusal(for: decision, ticket: ticket, slot: slot, allowsStarted: allowsStarted, now: now))
        }
        let id = try store.recordReservation(request, now: now)
        let booked = BookingRules.booking(slot, now: now)
        happened.append(
            PortalEvent(.reserved, organization: ticket.organization, ticket: ticket.id, reservation: id, slot: booked.id))
        change(booked, was: slot)
        var created = CreatedReservation(id: id, ticket: ticket, slot: booked, reservedAt: now)
        if let key {
            var buffer = ByteBuffer()
            Payload.encode(created.response, as: .tlv, into: &buffer)
            let payload = Array(buffer.readableBytesView)
            try store.insert(IdempotencyRecord(fingerprint: fingerprint, reply: payload), under: key, now: now)
            created.payload = payload
        }
        return .created(created)
    }

    /// Puts a changed slot into memory and marks it to be written before the group's commit. That it has become full, or is so no
    /// more, is an event.
    func change(_ slot: Slot, was former: Slot) {
        hasWritten = true
        if slot.status != former.status, slot.status != .closed, former.status != .closed {
            happened.append(
                PortalEvent(slot.status == .full ? .slotFull : .slotAvailable, organization: slot.organization, slot: slot.id))
        }
        slots.replace(slot)
        touchedSlots.insert(slot.id)
        unwrittenSlots.insert(slot.id)
    }

    func refusal(
        for decision: BookingRules.Decision, ticket: Ticket?, slot: Slot?, allowsStarted: Bool, now: Instant
    ) throws(StorageFailure) -> Refusal {
        switch decision {
        case .slotNotFound: return .slotNotFound
        case .accepted, .ticketNotFound: return .ticketNotFound
        case .organizationMismatch: return .organizationMismatch
        case .slotClosed(let started): return .slotClosed(started: started)
        case .visitTooLate(let until): return .visitTooLate(until)
        case .ticketUnusable: return try ticket.flatMap { ticket throws(StorageFailure) in try refusal(for: ticket) } ?? .ticketNotFound
        case .slotFull:
            guard let slot else { return .slotNotFound }
            let day = slot.date.dayNumber
            let days = (day - Int32(Limits.alternativeDays))...(day + Int32(Limits.alternativeDays))
            return .slotFull(
                BookingRules.alternatives(
                    to: slot, among: slots.slots(of: slot.organization, on: days).filter { ticket?.allows($0) ?? true },
                    allowsStarted: allowsStarted, now: now))
        }
    }

    /// Why the ticket cannot be used, with the date it is reserved for where there is one; nil for one that can.
    func refusal(for ticket: Ticket) throws(StorageFailure) -> Refusal? {
        var date: CalendarDate?
        if ticket.status == .reserved, let reservation = try store.liveReservation(of: ticket.id) {
            date = slots[reservation.slot]?.date
        }
        return BookingRules.refusal(for: ticket.status, reservedDate: date)
    }
}

extension BookingRules.Request {
    /// Tells this request apart from any other under the same idempotency key: FNV-1a, 128 bits, over all its parts. Somebody who
    /// makes two requests collide deceives only the holder of the key: themselves.
    var fingerprint: UInt128 {
        var fingerprint = Fingerprint()
        fingerprint.mix(String(ticket.rawValue).utf8)
        fingerprint.mix(String(slot.rawValue).utf8)
        fingerprint.mix((code?.text ?? "").utf8)
        fingerprint.mix(contact.email.text.utf8)
        fingerprint.mix(contact.phone.text.utf8)
        return fingerprint.hash
    }
}

/// FNV-1a of several parts, 128 bits.
struct Fingerprint {
    private(set) var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d

    @inline(__always)
    mutating func mix(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b }
        // A byte no text contains ends each part, so that moving a character from one to the next changes the hash.
        hash = (hash ^ 0xFF) &* 0x0000_0000_0100_0000_0000_0000_0000_013b
    }
}
