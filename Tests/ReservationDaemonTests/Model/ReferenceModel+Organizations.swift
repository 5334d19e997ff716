import ReservationCore

@testable import ReservationDaemon

extension ReferenceModel {
    func organization(_ id: OrganizationID) -> ModelOrganization? { tables.organizations.first { $0.organization.id == id } }

    mutating func add(_ draft: OrganizationDraft) -> Prediction {
        guard let offset = words.zones.first(where: { $0.name == draft.timeZone })?.offset else { return .refused(.invalidRequest([])) }
        if organization(draft.id) != nil { return .refused(.alreadyExists("")) }
        let organization = Organization(
            id: draft.id, name: draft.name, timeZone: draft.timeZone, allowsStarted: draft.allowsStarted, createdAt: now)
        tables.organizations.append(ModelOrganization(organization: organization, offset: offset))
        return .organizations([organization])
    }

    func showOrganization(_ id: OrganizationID) -> Prediction {
        guard let shown = organization(id) else { return .refused(.organizationNotFound) }
        return .organization(shown.organization, logo: shown.logo)
    }

    /// All or nothing. A slot is at a time of its organisation's clock, so as long as there is one the clock stays.
    mutating func set(_ change: OrganizationChange) -> Prediction {
        guard let place = tables.organizations.firstIndex(where: { $0.organization.id == change.id }) else {
            return .refused(.organizationNotFound)
        }
        let before = tables.organizations[place]
        var after = before
        if let name = change.timeZone, name != before.organization.timeZone {
            guard let offset = words.zones.first(where: { $0.name == name })?.offset,
                !tables.slots.contains(where: { $0.organization == change.id })
            else { return .refused(.invalidRequest([])) }
            after.organization.timeZone = name
            after.offset = offset
        }
        after.organization.name = change.name ?? before.organization.name
        after.organization.allowsStarted = change.allowsStarted ?? before.organization.allowsStarted
        if let edit = change.accentColor { after.organization.profile.accentColor = edit.value }
        if let edit = change.contactEmail { after.organization.profile.contactEmail = edit.value }
        if let edit = change.contactPhone { after.organization.profile.contactPhone = edit.value }
        if let edit = change.website { after.organization.profile.website = edit.value }
        if let edit = change.logo { after.logo = edit.value }
        if after != before {
            after.organization.updatedAt = now
            tables.organizations[place] = after
            tables.history.append(ModelNote(action: .organizationSet, at: now, organization: change.id))
        }
        return .organization(after.organization, logo: after.logo)
    }

    /// From the current one on; every slot lies in June.
    func months(of id: OrganizationID) -> Prediction {
        guard let shown = organization(id) else { return .refused(.organizationNotFound) }
        guard let current = currentMonth(offset: shown.offset) else { return .refused(.resultTooLarge) }
        let listed = tables.slots.filter { $0.organization == id && !$0.isClosed }
        let places = listed.reduce(0) { sum, slot in
            let isOver = slot.startsAt.seconds <= now.seconds && !shown.organization.allowsStarted
            return sum + (isOver ? 0 : slot.capacity - slot.booked)
        }
        let today = (now.seconds + shown.offset) / 86_400
        return .months(
            listed.isEmpty || current > words.june ? [] : [MonthCount(month: words.june, slots: listed.count, availablePlaces: places)],
            today: Int32(today), timeZone: shown.organization.timeZone)
    }
}
