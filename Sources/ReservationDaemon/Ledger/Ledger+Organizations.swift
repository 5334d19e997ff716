import ReservationCore

extension Ledger {
    func add(_ draft: OrganizationDraft, now: Instant) throws(StorageFailure) -> Outcome {
        guard let zone = zones.rules(named: draft.timeZone) else { return Self.refusedTimeZone(Self.unknownTimeZone) }
        let organization = Organization(
            id: draft.id, name: draft.name, timeZone: draft.timeZone, allowsStarted: draft.allowsStarted, createdAt: now)
        guard try store.insert(organization) else { return .refused(.alreadyExists("Organization \(draft.id)")) }
        hasWritten = true
        structureChanged = true
        organizations[draft.id] = OrganizationState(organization: organization, zone: zone)
        return .organizations([organization])
    }

    func showOrganization(_ id: OrganizationID) throws(StorageFailure) -> Outcome {
        guard let state = organizations[id] else { return .refused(.organizationNotFound) }
        return .organization(state.organization, logo: try store.logo(of: id))
    }

    func set(_ change: OrganizationChange, from caller: Caller, now: Instant) throws(StorageFailure) -> Outcome {
        guard var state = organizations[change.id] else { return .refused(.organizationNotFound) }
        let before = state.organization
        if let name = change.timeZone, name != before.timeZone {
            guard let zone = zones.rules(named: name) else { return Self.refusedTimeZone(Self.unknownTimeZone) }
            // Slots keep date and time of day, so each would start at another moment than its visitors were told.
            guard !slots.hasAny(of: change.id) else {
                return Self.refusedTimeZone("stays \(before.timeZone): the organization has slots already, whose times are on its clock")
            }
            state.zone = zone
            state.organization.timeZone = name
        }
        if let name = change.name { state.organization.name = name }
        if let allowsStarted = change.allowsStarted { state.organization.allowsStarted = allowsStarted }
        state.organization.profile.apply(change)
        if let edit = change.retentionDays { state.organization.retentionDays = edit.value }
        let oldLogo = try store.logo(of: change.id)
        let logo = change.logo.map(\.value) ?? oldLogo
        guard state.organization != before || logo != oldLogo else { return .organization(before, logo: logo) }
        state.organization.updatedAt = now
        try store.update(state.organization)
        if logo != oldLogo { try store.setLogo(logo, of: change.id) }
        try store.insert(
            HistoryNote(at: now, action: .organizationSet, caller: caller, organization: change.id, detail: change.fields))
        hasWritten = true
        structureChanged = true
        organizations[change.id] = state
        return .organization(state.organization, logo: logo)
    }

    /// From the current month on, as visitors can leaf through them.
    func months(of organization: OrganizationID, now: Instant) -> Outcome {
        guard let state = organizations[organization] else { return .refused(.organizationNotFound) }
        guard let today = state.zone.date(at: now) else { return .refused(.resultTooLarge) }
        let allowsStarted = state.organization.allowsStarted
        var months: [MonthCount] = []
        var lastDay = Int32.min
        for slot in slots.slots(of: organization, on: today.month.dayNumbers.lowerBound...Int32.max) where slot.status != .closed {
            if slot.date.dayNumber > lastDay {
                let month = slot.date.month
                months.append(MonthCount(month: month, slots: 0, availablePlaces: 0))
                lastDay = month.dayNumbers.upperBound
            }
            months[months.count - 1].slots += 1
            months[months.count - 1].availablePlaces += BookingRules.bookablePlaces(in: slot, allowsStarted: allowsStarted, now: now)
        }
        return .months(months, today: today, timeZone: state.organization.timeZone)
    }

    private static let unknownTimeZone = "not a time zone this machine knows; use an IANA name like Europe/Berlin"

    private static func refusedTimeZone(_ reason: String) -> Outcome {
        .refused(.invalidRequest([FieldProblem(field: "time_zone", message: reason)]))
    }
}

extension OrganizationProfile {
    fileprivate mutating func apply(_ change: OrganizationChange) {
        if let edit = change.accentColor { accentColor = edit.value }
        if let edit = change.contactEmail { contactEmail = edit.value }
        if let edit = change.contactPhone { contactPhone = edit.value }
        if let edit = change.website { website = edit.value }
    }
}
