/// What may be validated and reserved: pure functions of ticket, slot, clock and request.
///
/// The order of checks in ``decide(_:ticket:slot:organization:now:)`` is part of the contract (DESIGN, section 3): the customer who took
/// the last place and asks again must hear "already reserved", not "full".
package enum BookingRules {
    /// A wish to book, with everything in it of valid form.
    package struct Request: Hashable, Sendable {
        package let organization: OrganizationID
        package let ticket: TicketID
        /// When present it must be the ticket's own.
        package let code: TicketCode?
        package let slot: SlotID
        package let contact: Contact
        /// Of the confirmation. Asked for again in another language it is still the same request.
        package let language: Language
        /// For logs and for the confirmation's row. Asked for again under another name it is still the same request.
        package let name: RequestName?

        package init(
            organization: OrganizationID, ticket: TicketID, code: TicketCode?, slot: SlotID, contact: Contact,
            language: Language = .english, name: RequestName? = nil
        ) {
            self.organization = organization
            self.ticket = ticket
            self.code = code
            self.slot = slot
            self.contact = contact
            self.language = language
            self.name = name
        }
    }

    /// A decision about a wish to book.
    package enum Decision: Hashable, Sendable {
        case accepted
        case slotNotFound
        case ticketNotFound
        case organizationMismatch
        case ticketUnusable(TicketStatus)
        /// The visit would be after the ticket's last day.
        case visitTooLate(CalendarDate)
        case slotClosed(started: Bool)
        case slotFull
    }

    /// - Parameters:
    ///   - allowsStarted: whether the slot's organisation lets a slot be booked after its start.
    ///   - now: the moment at which the daemon decides.
    package static func decide(_ request: Request, ticket: Ticket?, slot: Slot?, allowsStarted: Bool, now: Instant) -> Decision {
        guard let slot else { return .slotNotFound }
        guard let ticket else { return .ticketNotFound }
        if let code = request.code, code != ticket.code { return .ticketNotFound }
        guard ticket.organization == slot.organization else { return .organizationMismatch }
        guard ticket.organization == request.organization else { return .ticketNotFound }
        guard ticket.status == .activated else { return .ticketUnusable(ticket.status) }
        if let until = ticket.validUntil, !ticket.allows(slot) { return .visitTooLate(until) }
        return admission(to: slot, allowsStarted: allowsStarted, now: now)
    }

    /// Whether a slot takes one more visitor, whoever it is.
    @inline(__always)
    package static func admission(to slot: Slot, allowsStarted: Bool, now: Instant) -> Decision {
        if slot.status == .closed { return .slotClosed(started: false) }
        if slot.startsAt <= now, !allowsStarted { return .slotClosed(started: true) }
        guard slot.status == .active, slot.bookedCount < slot.totalCapacity else { return .slotFull }
        return .accepted
    }

    /// How many visitors could still choose the slot at this moment.
    package static func bookablePlaces(in slot: Slot, allowsStarted: Bool, now: Instant) -> Int {
        slot.status == .active && (allowsStarted || slot.startsAt > now) ? slot.availableCount : 0
    }

    /// Why a ticket that is not ACTIVATED cannot be used.
    ///
    /// - Returns: nil for an ACTIVATED ticket.
    package static func refusal(for status: TicketStatus, reservedDate: CalendarDate?) -> Refusal? {
        switch status {
        case .activated: nil
        case .pendingPayment: .ticketNotActivated
        case .expired: .ticketExpired
        case .verified: .ticketAlreadyUsed
        case .reserved: .ticketAlreadyReserved(reservedDate)
        }
    }

    /// The slot with one more place taken, `FULL` when that was the last.
    package static func booking(_ slot: Slot, now: Instant) -> Slot {
        precondition(slot.bookedCount < slot.totalCapacity, "a full slot must never be booked")
        var booked = slot
        booked.bookedCount += 1
        booked.updatedAt = now
        if booked.bookedCount == booked.totalCapacity { booked.status = .full }
        return booked
    }

    /// The slot with one place given back: `ACTIVE` again if it was `FULL`; a closed one stays closed.
    ///
    /// - Returns: nil if no place is taken by its count.
    package static func releasing(_ slot: Slot, now: Instant) -> Slot? {
        guard slot.bookedCount > 0 else { return nil }
        var released = slot
        released.bookedCount -= 1
        released.updatedAt = now
        if released.status == .full { released.status = .active }
        return released
    }

    /// The slot with another capacity: `ACTIVE` again when that opens places, `FULL` when it leaves none.
    ///
    /// - Returns: nil below the number of places already booked.
    package static func resizing(_ slot: Slot, to capacity: Int, now: Instant) -> Slot? {
        guard capacity >= slot.bookedCount else { return nil }
        var resized = slot
        resized.totalCapacity = capacity
        resized.updatedAt = now
        if resized.status != .closed { resized.status = resized.bookedCount >= capacity ? .full : .active }
        return resized
    }

    /// The slot closed, or open again: `FULL` if no place is left, else `ACTIVE`.
    package static func setting(_ slot: Slot, open: Bool, now: Instant) -> Slot {
        var changed = slot
        changed.status = open ? (slot.bookedCount >= slot.totalCapacity ? .full : .active) : .closed
        changed.updatedAt = now
        return changed
    }

    /// What to offer instead of a full slot: bookable, the same date first, then a day around it, nearest start first.
    ///
    /// - Parameter candidates: slots of the same organisation around the wanted date, in any order.
    package static func alternatives(to wanted: Slot, among candidates: some Sequence<Slot>, allowsStarted: Bool, now: Instant) -> [Slot] {
        func rank(_ slot: Slot) -> (Int32, Int64, Int64) {
            (
                slot.date == wanted.date ? 0 : 1, abs(slot.startsAt.seconds - wanted.startsAt.seconds),
                slot.startsAt.seconds
            )
        }
        let bookable = candidates.filter { slot in
            slot.id != wanted.id && slot.organization == wanted.organization && slot.status == .active && slot.availableCount > 0
                && abs(Int(slot.date.dayNumber) - Int(wanted.date.dayNumber)) <= Limits.alternativeDays
                && (allowsStarted || slot.startsAt > now)
        }
        return Array(bookable.sorted { rank($0) < rank($1) }.prefix(Limits.alternativeSlots))
    }
}
