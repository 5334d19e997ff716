import ReservationCore

/// An organisation and the rules of its clock.
struct OrganizationState: Sendable {
    var organization: Organization
    var zone: TimeZoneRules
}

/// What the ledger keeps in memory, read from the store and proven to agree with it.
struct LedgerState {
    var organizations: [OrganizationID: OrganizationState] = [:]
    var slots: SlotTable
    let events: EventBounds

    /// - Throws: when the store cannot be read, a zone is not known to this machine, or a counter lies.
    init(loading store: any ReservationStorage, zones: TimeZoneDatabase) throws(LedgerStartError) {
        let mismatches: [CounterMismatch]
        do throws(StorageFailure) {
            var states: [OrganizationID: OrganizationState] = [:]
            for organization in try store.loadOrganizations() {
                guard let zone = zones.rules(named: organization.timeZone) else {
                    throw .defect("organization \(organization.id) has the time zone \(organization.timeZone), which is not known here")
                }
                states[organization.id] = OrganizationState(organization: organization, zone: zone)
            }
            // The foreign key makes sure that every slot has its organisation.
            slots = SlotTable(
                try store.loadSlots { organization, date, time in
                    (states[organization]?.zone ?? .utc).instant(of: date, time)
                })
            organizations = states
            events = try store.eventBounds()
            mismatches = try store.counterMismatches()
        } catch {
            throw .storage(error)
        }
        if !mismatches.isEmpty { throw .counters(mismatches) }
    }
}

/// What keeps the ledger from starting.
enum LedgerStartError: Error {
    case storage(StorageFailure)
    /// Slots whose counters do not agree with their reservations: something else than this daemon wrote the file.
    case counters([CounterMismatch])

    /// What happened and what to do, for the operator.
    ///
    /// - Parameter database: its path.
    func message(database: String) -> String {
        switch self {
        case .storage(.defect(let reason)):
            "The database \(database) cannot be used: \(reason). Install the package tzdata if the zone is a real one."
        case .storage(let failure):
            GroupFailure(failure: failure, duringCommit: false).message(database: database)
        case .counters(let mismatches):
            "Refusing to start: the booked count does not agree with the live reservations in "
                + mismatches.prefix(10).map { slot in
                    "slot \(slot.slot) (counter \(slot.bookedCount), reservations \(slot.liveReservations), capacity \(slot.totalCapacity))"
                }.joined(separator: ", ")
                + (mismatches.count > 10 ? " and \(mismatches.count - 10) more" : "")
                + ". Something else than the daemon has changed the file. "
                + "Make a copy of it, then run: reservationd --database \(database) --repair-counters"
        }
    }
}
