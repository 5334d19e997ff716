import ReservationCore
import StorageFaults

@testable import ReservationDaemon

/// What a disk must hold after a life of a ledger.
struct LedgerExpectation: Sendable {
    enum Fate: Int, Sendable {
        /// The caller knows, or may assume, that nothing was done.
        case notStored
        case unknown
        case stored

        init(_ outcome: Outcome) {
            self =
                switch outcome {
                case .created, .replayed, .imported, .slots, .organizations, .organization: .stored
                case .failed(.outcomeUnknown): .unknown
                default: .notStored
                }
        }
    }

    /// By what a command brings about. What is missing was never asked for.
    private var fates: [Effect: Fate] = [:]
    /// Bookings in slot 5, which the script leaves alone.
    var recovered = 0

    /// What a command brings about: the same booking may be asked for in two groups.
    private struct Effect: Hashable {
        var group = 0
        var index = 0
        var ticket: TicketID?

        init(_ group: Int, _ index: Int) {
            if case .create(let request, _) = LedgerScript.groups[group][index] {
                ticket = request.ticket
            } else {
                (self.group, self.index) = (group, index)
            }
        }
    }

    mutating func add(_ group: Int, _ index: Int, _ fate: Fate) {
        let effect = Effect(group, index)
        if fate.rawValue >= fates[effect]?.rawValue ?? 0 { fates[effect] = fate }
    }

    /// Starts the ledger as the next process does, compares, and asks for everything again under the same keys; then the power fails,
    /// and all must be there, exactly once.
    ///
    /// - Returns: what is wrong, in words.
    func violations(on state: DiskState) async -> [String] {
        let disk = SimulatedDisk(state)
        do {
            let life = try LedgerLife(disk)
            var found = await unsoundness(of: life)
            let slots = await life.slots()
            let profile = await life.ask(.showOrganization(LedgerScript.organization))
            var seen: Set<Effect> = []
            for (group, commands) in LedgerScript.groups.enumerated() {
                let outcomes = await life.ask(commands).outcomes
                var unknown: Set<Bool> = []
                for (index, command) in commands.enumerated() where command.writes && seen.insert(Effect(group, index)).inserted {
                    let fate = fates[Effect(group, index)] ?? .notStored
                    guard let wasStored = Self.wasStored(command, outcomes[index], slots, profile) else {
                        found.append("asked again, \(command) gives \(outcomes[index])")
                        continue
                    }
                    switch fate {
                    case .unknown:
                        // That there is no place says nothing of whether the group is there.
                        if case .refused(.slotFull) = outcomes[index] { break }
                        unknown.insert(wasStored)
                    case .stored where !wasStored: found.append("lost although it was acknowledged: \(command)")
                    case .notStored where wasStored: found.append("there although nobody was told: \(command)")
                    default: break
                    }
                }
                // One commit holds the whole group.
                if unknown.count > 1 { found.append("group \(group) is there in part") }
            }
            if await life.ask(LedgerScript.spare)?.created == nil { found.append("the next process takes no booking") }
            found += await outcome(of: life)
            let cut = try LedgerLife(SimulatedDisk(DiskState(disk.state.powerCut(.nothing))))
            found += await outcome(of: cut).map { "after a power cut in the next process: \($0)" }
            return found
        } catch {
            return ["the next process does not start: \(error)"]
        }
    }

    /// Whether the command had been carried out before the outcome that it gives now; nil for one that makes no sense.
    private static func wasStored(_ command: Command, _ outcome: Outcome, _ before: [Slot], _ profile: Outcome?) -> Bool? {
        switch (command, outcome) {
        case (.create(_, .some), .replayed): true
        case (.create(_, nil), .refused(.ticketAlreadyReserved)): true
        case (.create, .created), (.create, .refused(.slotFull)): false
        case (.importTickets(let drafts, _), .imported(let created, let existing, _)) where created == 0 || existing == 0:
            existing == drafts.count
        case (.setSlotCapacity(let slot, let capacity), .slots): before.contains { $0.id == slot && $0.totalCapacity == capacity }
        case (.setSlotOpen(let slot, false, _), .slots): before.contains { $0.id == slot && $0.status == .closed }
        case (.createSlot, .refused(.alreadyExists)), (.addOrganization, .refused(.alreadyExists)): true
        case (.createSlot, .slots), (.addOrganization, .organizations): false
        case (.setOrganization(let change), .organization): isThere(change, in: profile)
        default: nil
        }
    }

    /// - Returns: nil when half of the change is there.
    private static func isThere(_ change: OrganizationChange, in profile: Outcome?) -> Bool? {
        guard case .organization(let organization, let logo)? = profile else { return nil }
        let parts = [
            organization.name == change.name, organization.profile.website == change.website?.value, logo == change.logo?.value,
        ]
        return parts.allSatisfy { $0 } ? true : parts.contains(true) ? nil : false
    }

    private func unsoundness(of life: LedgerLife) async -> [String] {
        guard case .findings(let findings) = await life.ask(.doctor) else { return ["it cannot be examined"] }
        return findings.filter { !$0.passed }.map(\.detail)
    }

    /// Everything was carried out exactly once.
    private func outcome(of life: LedgerLife) async -> [String] {
        var expected = LedgerScript.booked
        expected[2, default: 0] += 1
        expected[5] = recovered
        let booked = Dictionary(uniqueKeysWithValues: await life.slots().map { ($0.id.rawValue, $0.bookedCount) })
        return await unsoundness(of: life) + (booked == expected ? [] : ["booked \(booked), not \(expected)"])
    }
}

extension LedgerLife {
    func slots() async -> [Slot] {
        guard case .slots(let slots, _) = await ask(.listSlots(SlotQuery(limit: 100))) else { return [] }
        return slots
    }
}
