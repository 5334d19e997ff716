import ReservationCore

@testable import ReservationDaemon

/// A command as it comes to the ledger.
struct ModelRequest: Sendable {
    var command: Command
    /// What is known of it before it is begun: taken back, or too late.
    var fault: Fault?
}

/// How the store failed a group.
enum GroupFault: Sendable {
    case none
    /// The commit found the disk full.
    case commitUnavailable
    /// The same, and the counters could not be read again.
    case restoreFailed
    /// The device failed at the commit.
    case commitFailed
}

/// What a group must answer and leave behind.
struct GroupPrediction: Sendable {
    var answers: [Prediction]
    /// What the ledger knows afterwards.
    var model: ReferenceModel
    /// What may be on the disk: one state, or after an unknown outcome either of two, whole.
    var possible: [ReferenceModel]
    /// Whether there was something to be stored. A group without may be spared its commit.
    var mustCommit = false
    /// Whether memory went ahead of the disk in counters alone, so that they must be read again when the commit fails.
    var mustRestore = false
}

extension ReferenceModel {
    /// DESIGN, section 2: either all of a group's changes and the answers that rest on them, or what is certain without them.
    func predict(_ requests: [ModelRequest], fault: GroupFault, recording: RecordingFault?) -> GroupPrediction {
        if hasEnded { return settled(requests.map { _ in .failed(.unavailable) }) }
        var attempt = self
        attempt.hasStored = false
        let answers = requests.map { request in
            request.fault.map { .failed($0) } ?? (attempt.doomWasMet ? .failed(.defect) : attempt.apply(request.command))
        }
        if attempt.doomWasMet {
            switch recording {
            case nil, .defect: return predictOneByOne(requests)
            case .unavailable: return withoutWrites(requests)
            case .deviceFailed, .corrupt: return ended(requests)
            }
        }
        let isChanged = attempt.tables != tables
        // Then everything is read again, and counters are not read by themselves.
        let isOtherwise =
            attempt.sizes.organizations > sizes.organizations || attempt.tables.slots.map(\.id) != tables.slots.map(\.id)
            || attempt.tables.lastSlot != tables.lastSlot
            || requests.contains { $0.command.setsOrganization }
        var prediction: GroupPrediction
        switch fault {
        case .none:
            attempt.isWritable = isWritable || attempt.hasStored || requests.contains { $0.fault == nil && findsSpace($0.command) }
            prediction = attempt.settled(answers)
        case .commitUnavailable: prediction = withoutWrites(requests)
        case .restoreFailed: prediction = ended(requests)
        case .commitFailed:
            prediction = ended(requests, writes: .outcomeUnknown)
            prediction.possible = [self, attempt]
        }
        prediction.mustCommit = isChanged
        prediction.mustRestore = !isOtherwise && attempt.tables.slots != tables.slots
        return prediction
    }

    /// A question after its health makes a ledger that could not write try again, if there is a slot to try it on.
    private func findsSpace(_ command: Command) -> Bool {
        if case .health = command { return !tables.slots.isEmpty }
        return false
    }

    private func settled(_ answers: [Prediction]) -> GroupPrediction {
        var model = self
        model.doomedTicket = nil
        return GroupPrediction(answers: answers, model: model, possible: [model])
    }

    /// Nothing was written, and reads say what was so before the group.
    private func withoutWrites(_ requests: [ModelRequest]) -> GroupPrediction {
        var model = self
        model.isWritable = false
        let answers = requests.map { request in
            request.fault.map { .failed($0) } ?? (request.command.isWrite ? .failed(.unavailable) : model.apply(request.command))
        }
        return model.settled(answers)
    }

    /// One request meets a defect: it suffers alone, and what it would have changed is seen by none of those after it.
    private func predictOneByOne(_ requests: [ModelRequest]) -> GroupPrediction {
        var model = self
        let answers = requests.map { request in
            if let fault = request.fault { return Prediction.failed(fault) }
            model.hasStored = false
            let answer = model.apply(request.command)
            model.isWritable = model.isWritable || model.hasStored
            model.doomWasMet = false
            return answer
        }
        return model.settled(answers)
    }

    private func ended(_ requests: [ModelRequest], writes: Fault = .unavailable) -> GroupPrediction {
        var model = self
        model.hasEnded = true
        return model.settled(requests.map { .failed($0.fault ?? ($0.command.isWrite ? writes : .unavailable)) })
    }
}

extension Command {
    /// Whether there could be something to lose when its group fails.
    fileprivate var isWrite: Bool {
        switch self {
        case .create, .issue, .importTickets, .addOrganization, .setOrganization: true
        case .createSlot, .generateSlots, .setSlotOpen, .setSlotCapacity, .repair, .sweep: true
        case .validate, .verifyContact, .available, .months, .showTicket, .showOrganization, .listOrganizations, .listSlots: false
        case .health, .status, .doctor, .heartbeat, .backup, .metrics, .events: false
        case .outbox(.list), .outbox(.show), .life(.show), .life(.history), .life(.list), .life(.listTickets): false
        case .life: true
        case .calendar: true
        case .outbox: true
        case .personalData(.export): false
        case .personalData(.erase): true
        }
    }

    fileprivate var setsOrganization: Bool {
        if case .setOrganization = self { return true }
        return false
    }
}
