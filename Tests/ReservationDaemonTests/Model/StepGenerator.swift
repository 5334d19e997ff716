import ReservationCore
import SeededRandom

/// Draws random steps. Everything it decides is in the steps, so that a sequence can be run again without it.
struct StepGenerator {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// Some organisations, slots and tickets to begin with, then anything, some hundred steps long: tickets and places are used up in time.
    mutating func sequence() -> [ModelStep] {
        let count = 50 + random.below(400)
        var steps: [ModelStep] = [
            .group([
                .addOrganization(0, zone: random.below(4), allowsStarted: false),
                .addOrganization(1, zone: random.below(4), allowsStarted: true),
            ]),
            .group([slotPlan(organization: 0), .issue(organization: 0, .activated, count: 4)]),
            .group([slotPlan(organization: 1), .issue(organization: 1, .activated, count: 3)]),
        ]
        while steps.count < count { steps += draw() }
        return Array(steps.prefix(count))
    }

    /// One step; after a fault that ends the process, soon a restart.
    private mutating func draw() -> [ModelStep] {
        switch random.below(100) {
        case 0..<2: return [.restart]
        case 2..<9: return random.once(in: 16) ? leap() : [.clock(minutes: minutes())]
        case 9..<17:
            let fault = fault()
            var commands = commands(atLeast: 1)
            if let booking = victim(of: fault) { commands.insert(.create(booking), at: random.below(commands.count + 1)) }
            let failing = ModelStep.group(commands, connections: 1 + random.below(3), fault: fault)
            switch fault {
            case .none, .diskFull, .recording(_, .defect), .recording(_, .unavailable): return [failing]
            case .diskFullAndUnreadable, .deviceFails, .recording:
                return [failing] + (0..<random.below(3)).map { _ in .group(self.commands(atLeast: 1)) } + [.restart]
            }
        default: return [.group(commands(atLeast: 1), connections: random.once(in: 4) ? 2 : 1)]
        }
    }

    /// To after the calendar's end and back.
    private mutating func leap() -> [ModelStep] {
        [
            .clock(minutes: 92_000_000),
            .group(commands(atLeast: 1) + [.available(organization: random.below(2), .currentMonth)]),
            .clock(minutes: minutes()),
        ]
    }

    /// Before, among and after the slots; at times on the very minute at which one starts.
    private mutating func minutes() -> Int {
        // More often early than late, or most slots would have started.
        let day = min(random.below(ModelVocabulary.dayCount + 3), random.below(ModelVocabulary.dayCount + 3)) - 2
        switch random.below(40) {
        case 0: return (-20 + random.below(50)) * 1440
        case 1..<10: return day * 1440 + random.one(of: [6, 8, 10, 12, 16, 18]) * 60 - random.below(2)
        default: return day * 1440 + random.below(1440)
        }
    }

    private mutating func fault() -> ModelFault {
        switch random.below(12) {
        case 0..<4: .diskFull(commits: 1 + random.below(3))
        case 4: .diskFullAndUnreadable
        case 5..<7: .deviceFails(storedAnyway: random.once(in: 2))
        case 7..<10: .recording(.bookable(random.below(3)), .defect)
        default: .recording(.bookable(random.below(3)), random.one(of: RecordingFault.allCases))
        }
    }

    /// A booking that the fault is likely to hit.
    private mutating func victim(of fault: ModelFault) -> ModelBooking? {
        switch fault {
        case .none, .diskFull: return nil
        case .recording(let ticket, _): return ModelBooking(ticket: ticket, slot: .bookable(0))
        case .diskFullAndUnreadable, .deviceFails:
            let key = ModelKey(role: random.one(of: Role.allCases), value: random.below(40))
            return ModelBooking(ticket: .bookable(random.below(4)), slot: .bookable(random.below(3)), key: key)
        }
    }

    private mutating func commands(atLeast minimum: Int) -> [ModelCommand] {
        let count = random.once(in: 2) ? minimum : minimum + random.below(6)
        return (0..<count).map { _ in fated() }
    }

    private mutating func fated() -> ModelCommand {
        switch random.below(60) {
        case 0: .cancelled(command())
        case 1: .late(command())
        default: command()
        }
    }
}

// MARK: commands

extension StepGenerator {
    private mutating func command() -> ModelCommand {
        switch random.below(196) {
        case 0..<30: .create(booking())
        case 30..<42: .again(random.below(6), variation())
        case 42..<49: .validate(ticketPick(), organization: organizationPick())
        case 49..<52:
            .verifyContact(ticketPick(), code: random.one(of: [.none, .right, .wrong]), organization: organizationPick())
        case 52..<57: .available(organization: organization(), period())
        case 57..<62: .issue(organization: organization(), status(), count: 1 + random.below(3))
        case 62..<65:
            .issueNamed(
                organization: organization(), status(), id: random.once(in: 2) ? random.below(8) : nil,
                code: random.once(in: 2) ? random.below(8) : nil)
        case 65..<68: .importTickets((0..<(1 + random.below(3))).map { _ in row() }, dryRun: random.once(in: 5))
        case 68..<71: .showTicket(ticketPick(), byCode: random.once(in: 2))
        case 71..<72:
            .addOrganization(random.below(4), zone: random.below(5), allowsStarted: random.once(in: 3))
        case 72..<73: .listOrganizations
        case 73..<76:
            .createSlot(organization: organization(), day: random.below(6), time: random.below(3), capacity: 1 + random.below(3))
        case 76..<80: slotPlan(organization: organization())
        case 80..<82:
            .listSlots(
                organization: random.once(in: 2) ? organization() : nil, from: random.once(in: 3) ? random.below(6) : nil,
                to: random.once(in: 3) ? random.below(6) : nil, after: random.once(in: 3) ? .any(random.below(20)) : nil,
                limit: 1 + random.below(12))
        case 82..<87: .setSlotOpen(slotPick(), random.once(in: 4) ? false : true)
        case 87..<93: .setSlotCapacity(slotPick(), 1 + random.below(4))
        case 93..<96: .health
        case 96..<98: .status
        case 98: .doctor
        case 99: .heartbeat
        case 100..<102: .months(organization: organization())
        case 102..<103: .showOrganization(organization())
        case 103..<106: .setOrganization(organization(), profile())
        case 106..<115: .lease(limit: 1 + random.below(4), seconds: random.one(of: [1, 60, 3600]))
        case 115..<125:
            .report(
                messagePick(), random.one(of: [.sent, .sent, .retryAtOnce, .retryLater, .givenUp]), isStale: random.once(in: 8))
        case 125..<128: .requeue(messagePick())
        case 128..<129: .cancelMessage(messagePick())
        case 129..<131: .showMessage(messagePick())
        case 131..<133:
            .listMessages(
                organization: random.once(in: 3) ? organization() : nil, random.once(in: 2) ? random.one(of: OutboxState.allCases) : nil,
                after: random.once(in: 3) ? 1 + random.below(20) : nil, limit: 1 + random.below(8))
        case 133..<136: .resend(random.below(6))
        case 136..<140: .activate(ticketPick())
        case 140..<142: .expire(ticketPick())
        case 142..<152:
            .checkIn(
                random.once(in: 3) ? ticketPick() : .reserved(random.below(20)), by: random.once(in: 3) ? nil : random.below(2),
                anyDay: random.once(in: 2))
        case 152..<161: .cancelReservation(reservationPick())
        case 161..<169:
            .move(
                reservationPick(), to: slotPick(),
                key: random.once(in: 2) ? ModelKey(role: random.one(of: Role.allCases), value: random.below(40)) : nil)
        case 169..<170: .showReservation(random.below(6))
        case 170..<173: reservationList()
        case 173..<176: .setSlotsOpen(random.once(in: 3) ? false : true, selection(), dryRun: random.once(in: 4))
        case 176..<179: .deleteSlots(selection(), dryRun: random.once(in: 4))
        case 179..<182: .deleteSlot(slotPick(), dryRun: random.once(in: 4))
        case 182..<185: .sweep
        case 192..<196: .moveAgain(random.below(4))
        case 185..<190: .erase(random.below(2), random.one(of: ModelErasure.allCases))
        default: .history(random.one(of: [.all, .ticket(ticketPick()), .slot(slotPick()), .reservation(random.below(6))]))
        }
    }

    private mutating func selection() -> ModelSelection {
        ModelSelection(
            organization: organization(), from: random.below(6), to: random.below(6),
            weekdays: random.once(in: 2) ? Weekday.allCases : Weekday.allCases.filter { _ in random.once(in: 2) },
            times: random.once(in: 2) ? [] : [random.below(3)], after: random.once(in: 4) ? slotPick() : nil)
    }

    /// Of a slot, of some days, or of everything.
    private mutating func reservationList() -> ModelCommand {
        let isOfSlot = random.once(in: 3)
        return .listReservations(
            organization: random.once(in: 3) ? organization() : nil, isOfSlot ? slotPick() : nil,
            random.once(in: 2) ? random.one(of: ReservationStatus.allCases) : nil,
            from: !isOfSlot && random.once(in: 2) ? random.below(6) : nil, to: !isOfSlot && random.once(in: 3) ? random.below(6) : nil,
            after: random.once(in: 3) ? random.below(12) : nil, limit: 1 + random.below(12))
    }

    private mutating func reservationPick() -> ReservationPick {
        switch random.below(10) {
        case 0..<5: .of(.reserved(random.below(20)))
        case 5..<7: .of(ticketPick())
        case 7..<9: .number(random.below(12))
        default: .missing
        }
    }

    private mutating func messagePick() -> MessagePick {
        switch random.below(12) {
        case 0..<5: .leased(random.below(4))
        case 5..<9: .any(random.below(30))
        case 9..<11: .ended(random.below(6))
        default: .missing
        }
    }

    private mutating func booking() -> ModelBooking {
        var booking = ModelBooking(ticket: ticketPick(), slot: slotPick())
        if !random.once(in: 8) { booking.ticket = .bookable(random.below(4)) }
        if random.once(in: 12) { booking.organization = .number(random.below(4)) }
        if random.once(in: 3) { booking.code = random.once(in: 5) ? .wrong : .right }
        booking.contact = random.below(2)
        if random.once(in: 2) { booking.key = ModelKey(role: random.one(of: Role.allCases), value: random.below(40)) }
        return booking
    }

    private mutating func variation() -> ModelVariation {
        switch random.below(8) {
        case 0: .otherContact
        case 1: .otherSlot(slotPick())
        case 2: .otherRole
        default: .same
        }
    }

    private mutating func slotPlan(organization: Int) -> ModelCommand {
        .generateSlots(
            organization: organization, from: random.below(6), to: random.below(6),
            weekdays: Weekday.allCases.filter { _ in random.once(in: 2) }, times: random.one(of: [[0], [1, 2], [0, 1], [2, 2]]),
            capacity: 1 + random.below(2), except: random.once(in: 3) ? random.below(6) : nil, dryRun: random.once(in: 6))
    }

    /// Few things at once, so that what was set before is seen to stay. The time zone is tried often: mostly it is refused.
    private mutating func profile() -> ModelProfile {
        var profile = ModelProfile()
        if random.once(in: 4) { profile.name = random.below(2) }
        if random.once(in: 3) { profile.zone = random.below(5) }
        if random.once(in: 4) { profile.allowsStarted = random.once(in: 2) }
        if random.once(in: 4) { profile.color = random.below(3) }
        if random.once(in: 3) { profile.logo = random.below(3) }
        if random.once(in: 4) { profile.email = random.below(2) }
        if random.once(in: 4) { profile.phone = random.below(2) }
        if random.once(in: 4) { profile.website = random.below(2) }
        return profile
    }

    private mutating func row() -> ModelRow {
        ModelRow(
            organization: organization(), id: random.once(in: 3) ? random.below(8) : nil, code: random.below(8),
            product: random.once(in: 5) ? 6 : 5, status: status())
    }

    private mutating func period() -> ModelPeriod {
        random.one(of: [.currentMonth, .currentMonth, .may, .june, .june, .july, .day(random.below(6)), .day(random.below(6))])
    }

    /// Mostly one that exists from the first.
    private mutating func organization() -> Int { random.once(in: 6) ? random.below(4) : random.below(2) }

    private mutating func status() -> TicketStatus {
        random.once(in: 4) ? random.one(of: [.pendingPayment, .expired, .verified]) : .activated
    }

    private mutating func ticketPick() -> TicketPick {
        switch random.below(12) {
        case 0..<5: .any(random.below(100))
        case 5..<7: .bookable(random.below(4))
        case 7..<9: .reserved(random.below(20))
        case 9..<11: .recent(random.below(3))
        default: .missing
        }
    }

    private mutating func slotPick() -> SlotPick {
        switch random.below(16) {
        case 0..<4: .any(random.below(60))
        case 4..<11: .bookable(random.below(3))
        case 11..<14: .full(random.below(10))
        case 14: .next
        default: .missing
        }
    }

    private mutating func organizationPick() -> OrganizationPick { random.once(in: 6) ? .number(random.below(4)) : .own }
}
