// What is tried in place of a step to make a failing sequence plain. Each is a step towards the plainest, never back, so that trying ends.

extension ModelStep {
    /// The same step with one thing less or one thing plainer.
    var simpler: [ModelStep] {
        guard case .group(let commands, let connections, let fault) = self else { return [] }
        var steps = fault.simpler.map { ModelStep.group(commands, connections: connections, fault: $0) }
        if connections > 1 { steps.append(.group(commands, fault: fault)) }
        if case .recording(_, let kind) = fault, !commands.allSatisfy(\.isCreate) { steps.append(.bookingBesideOneThatFails(kind)) }
        for index in commands.indices {
            var changed = commands
            if commands.count > 1 {
                changed.remove(at: index)
                steps.append(.group(changed, connections: connections, fault: fault))
            }
            for command in commands[index].simpler {
                changed = commands
                changed[index] = command
                steps.append(.group(changed, connections: connections, fault: fault))
            }
        }
        return steps
    }
}

extension ModelStep {
    /// Each gives an organisation tickets and places in plenty, and little else.
    static let providing = (0..<2).flatMap { organization in
        [0, 3, 5].map { day in
            ModelStep.group([
                .createSlot(organization: organization, day: day, time: 0, capacity: 4),
                .issue(organization: organization, .activated, count: 3),
            ])
        }
    }
}

extension ModelStep {
    /// Both as one group, where that is still a small one.
    func joined(with other: ModelStep) -> ModelStep? {
        guard case .group(let commands, _, .none) = self, case .group(let others, _, .none) = other, commands.count + others.count <= 3
        else { return nil }
        return .group(commands + others)
    }

    /// What most of the sequences come to in which recording fails.
    fileprivate static func bookingBesideOneThatFails(_ kind: RecordingFault) -> ModelStep {
        let failing = ModelBooking(ticket: .bookable(1), slot: .bookable(0))
        return .group([.create(.plainestWithKey), .create(failing)], fault: .recording(failing.ticket, kind))
    }
}

extension ModelFault {
    fileprivate var simpler: [ModelFault] {
        switch self {
        case .none: []
        case .diskFull(let commits): commits > 1 ? [.none, .diskFull(commits: 1)] : [.none]
        case .diskFullAndUnreadable: [.none, .diskFull(commits: 1)]
        case .deviceFails, .recording: [.none, .diskFull(commits: 1)]
        }
    }
}

extension ModelCommand {
    fileprivate var isCreate: Bool {
        if case .create = self { true } else { false }
    }

    fileprivate var simpler: [ModelCommand] {
        switch self {
        case .create(let booking): booking.simpler.map { .create($0) }
        case .again(let index, let variation):
            [.create(.plainest), .create(.plainestWithKey)] + (variation == .same ? [] : [.again(index, .same)])
                + (0..<index).map { .again($0, variation) }
        case .moveAgain(let index): (0..<index).map { .moveAgain($0) }
        case .generateSlots(let organization, let from, _, _, _, let capacity, _, _):
            [.createSlot(organization: organization, day: from, time: 0, capacity: capacity)]
        case .createSlot(let organization, let day, let time, let capacity):
            (day > 0 || time > 0 ? [.createSlot(organization: organization, day: 0, time: 0, capacity: capacity)] : [])
                + (1..<capacity).map { .createSlot(organization: organization, day: day, time: time, capacity: $0) }
        case .issue(let organization, let status, let count):
            (1..<count).map { .issue(organization: organization, status, count: $0) }
        case .importTickets(let rows, let isDryRun):
            rows.count > 1 ? rows.indices.map { .importTickets(Array(rows[..<$0] + rows[($0 + 1)...]), dryRun: isDryRun) } : []
        case .setOrganization(let organization, let profile): profile.simpler.map { .setOrganization(organization, $0) }
        case .lease(let limit, let seconds): (1..<limit).map { .lease(limit: $0, seconds: seconds) }
        case .listMessages(let organization, let state, let after, let limit):
            organization == nil && after == nil ? [] : [.listMessages(organization: nil, state, after: nil, limit: limit)]
        case .cancelled(let command), .late(let command): [command]
        default: []
        }
    }
}

extension ModelProfile {
    /// One value less.
    fileprivate var simpler: [ModelProfile] {
        let parts: [(inout ModelProfile) -> Void] = [
            { $0.name = nil }, { $0.zone = nil }, { $0.allowsStarted = nil }, { $0.color = nil }, { $0.logo = nil }, { $0.email = nil },
            { $0.phone = nil }, { $0.website = nil },
        ]
        return parts.compactMap { change in
            var profile = self
            change(&profile)
            return profile == self ? nil : profile
        }
    }
}

extension ModelBooking {
    fileprivate static let plainest = ModelBooking(ticket: .bookable(0), slot: .bookable(0))
    fileprivate static let plainestWithKey = ModelBooking(
        ticket: .bookable(0), slot: .bookable(0), key: ModelKey(role: .gateway, value: 0))

    /// One part as in the plainest.
    fileprivate var simpler: [ModelBooking] {
        let parts: [(inout ModelBooking) -> Void] = [
            { $0.key = nil }, { $0.key = $0.key.map { _ in ModelKey(role: .gateway, value: 0) } }, { $0.code = .none }, { $0.contact = 0 },
            { $0.organization = .own }, { $0.ticket = .bookable(0) }, { $0.slot = .bookable(0) },
        ]
        return parts.compactMap { change in
            var booking = self
            change(&booking)
            return booking == self ? nil : booking
        }
    }
}
