import ReservationCore

/// Where the daily look for contacts is whose visits are long ago.
struct RetentionSweep {
    /// What an organisation's sweep rests on: with another day or another period there may be more to erase.
    struct Horizon: Hashable {
        var today: CalendarDate
        var days: Int
    }

    /// Organisations that were looked through, and for which horizon.
    var done: [OrganizationID: Horizon] = [:]
    /// The organisation that is looked through.
    var organization: (id: OrganizationID, horizon: Horizon)?
    /// What is left of its slots.
    var slots: ArraySlice<SlotID> = []
    /// Up to which reservation the first of them was looked through.
    var reservation: ReservationID?
    /// Contacts went since the messages were emptied.
    var hasErased = false
    /// Behind which the messages are emptied; nil while they are not.
    var messages: Messages?

    enum Messages: Hashable {
        case behind(OutboxID?)
    }
}

/// Contacts whose time is over, a few rows a step. Slots are in memory, and the store finds the reservations of each by an index. Each day
/// every slot that is past the horizon is looked at again: what was erased is passed over quickly, and nothing has to be remembered.
extension Ledger {
    func eraseOldContacts(now: Instant) throws(StorageFailure) -> Outcome {
        if case .behind(let id)? = retention.messages { return try emptyMessages(behind: id, now: now) }
        dropChanged()
        guard retention.organization != nil || beginNextOrganization(now: now) else {
            guard retention.hasErased else { return .swept(more: false) }
            retention.messages = .behind(nil)
            return .swept(more: true)
        }
        try eraseSome(now: now)
        if retention.slots.isEmpty, let (id, horizon) = retention.organization {
            retention.done[id] = horizon
            retention.organization = nil
        }
        return .swept(more: true)
    }

    /// Somebody may have set another period, or none, since the organisation was begun.
    private func dropChanged() {
        guard let (id, horizon) = retention.organization,
            organizations[id]?.organization.retentionDays != horizon.days
        else { return }
        retention.organization = nil
        retention.slots = []
    }

    /// - Returns: false when none has anything to do before tomorrow.
    private func beginNextOrganization(now: Instant) -> Bool {
        for (id, state) in organizations.sorted(by: { $0.key < $1.key }) {
            guard let days = state.organization.retentionDays, let today = state.zone.date(at: now) else { continue }
            let horizon = RetentionSweep.Horizon(today: today, days: days)
            guard retention.done[id] != horizon else { continue }
            // The process before this one may have ended between erasing contacts and emptying their messages.
            if retention.done.isEmpty { retention.hasErased = true }
            let last = today.dayNumber - Int32(days) - 1
            retention.organization = (id, horizon)
            retention.slots = ArraySlice(slots.slots(of: id, on: Int32.min...last).map(\.id))
            retention.reservation = nil
            return true
        }
        return false
    }

    private func eraseSome(now: Instant) throws(StorageFailure) {
        var (searched, examined, erased) = (0, 0, 0)
        var tally = ErasureTally()
        while let slot = retention.slots.first, searched < Limits.slotsSearchedPerPage, examined < Limits.reservationsExaminedPerPage,
            erased < Limits.contactsErasedPerSweep
        {
            let page = try store.reservations(
                ReservationQuery(
                    slot: slot, person: .anybody, after: retention.reservation, limit: Limits.contactsErasedPerSweep - erased,
                    examined: Limits.reservationsExaminedPerPage - examined))
            searched += 1
            examined += page.examined
            for listed in page.reservations {
                erased += 1
                tally.add(listed.reservation.organization, emptied: try eraseContact(of: listed.reservation, now: now))
            }
            retention.reservation = page.next
            if page.next == nil { retention.slots.removeFirst() }
        }
        guard erased > 0 else { return }
        retention.hasErased = true
        let days = retention.organization?.horizon.days ?? 0
        try remember(tally, because: "the visits are more than \(days) days ago", .system, nil, now: now)
    }

    private func emptyMessages(behind id: OutboxID?, now: Instant) throws(StorageFailure) -> Outcome {
        let emptied = try store.emptyOutbox(behind: id, examined: Limits.erasureExaminedPerPage, now: now)
        hasWritten = hasWritten || emptied.count > 0
        retention.messages = emptied.next.map { .behind($0) }
        if emptied.next == nil {
            retention.hasErased = false
            mustEmptyLog = true
        }
        return .swept(more: emptied.next != nil)
    }
}
