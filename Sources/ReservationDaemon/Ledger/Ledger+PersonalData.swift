import ReservationCore

/// A person's data, looked for page by page: bounded by what is looked at, so that a booking never waits for a search.
extension Ledger {
    func execute(_ command: PersonalDataCommand, from caller: Caller, now: Instant) throws(StorageFailure) -> Outcome {
        switch command {
        case .export(let order): .personalData(.exported(try export(order, now: now)))
        case .erase(let order, let erasure): .personalData(.erased(try erase(order, erasure, from: caller, now: now)))
        }
    }

    private func reservations(of person: PersonalSubject, behind id: ReservationID?) throws(StorageFailure) -> ReservationPage {
        try store.reservations(
            ReservationQuery(
                person: person, after: id, limit: Limits.personsReservationsPerPage, examined: Limits.reservationsExaminedPerPage))
    }

    /// Whether it bears the contact since a reservation does.
    private func isOfReservation(_ ticket: PersonsTicket, of person: PersonalSubject) throws(StorageFailure) -> Bool {
        guard let reservation = try store.liveReservation(of: ticket.ticket.id) else { return false }
        return person.isNamed(email: reservation.email.text, phone: reservation.phone.text)
    }

    // MARK: export

    private func export(_ order: PersonalDataOrder, now: Instant) throws(StorageFailure) -> PersonalDataPage {
        var page = PersonalDataPage()
        switch order.position {
        case .reservations(let id):
            let found = try reservations(of: order.person, behind: id)
            page.next = found.next.map { .reservations(behind: $0) } ?? .tickets(behind: nil)
            var told: Set<TicketID> = []
            for listed in found.reservations {
                guard page.history.count < Limits.historyLinesPerPersonsPage else {
                    page.next = .reservations(behind: page.reservations.last?.0.reservation.id)
                    break
                }
                page.reservations.append((listed, try slot(of: listed.reservation)))
                let ticket = listed.reservation.ticket
                guard told.insert(ticket).inserted else { continue }
                page.history += try store.history(HistoryQuery(ticket: ticket, limit: Limits.historyEntriesPerPage)).entries
            }
        case .tickets(let id):
            let found = try store.tickets(of: order.person, behind: id, examined: Limits.ticketsExaminedPerPage)
            page.next = found.next.map { .tickets(behind: $0) } ?? .messages(behind: nil)
            for ticket in found.tickets {
                if try !isOfReservation(ticket, of: order.person) { page.tickets.append(ticket) }
            }
        case .messages(let id):
            let found = try store.outboxEntries(
                OutboxQuery(person: order.person, after: id, limit: Limits.personsMessagesPerPage), now: now)
            page.messages = found.entries
            page.next = found.next.map { .messages(behind: $0) }
        // The lines of a person's tickets were told with their reservations.
        case .history: break
        }
        return page
    }

    // MARK: erasure

    private func erase(
        _ order: PersonalDataOrder, _ erasure: Erasure, from caller: Caller, now: Instant
    ) throws(StorageFailure) -> ErasureReport {
        switch order.position {
        case .reservations(let id): return try eraseReservations(of: order.person, behind: id, erasure, from: caller, now: now)
        case .tickets(let id): return try eraseTickets(of: order.person, behind: id, erasure, from: caller, now: now)
        case .messages(let id):
            // Nothing in them says whose they are but what an erasure has just done.
            if erasure.isDryRun { return ErasureReport() }
            let emptied = try store.emptyOutbox(behind: id, examined: Limits.erasureExaminedPerPage, now: now)
            hasWritten = hasWritten || emptied.count > 0
            return ErasureReport(
                emptied: emptied.count, next: emptied.next.map { .messages(behind: $0) } ?? .history(behind: nil))
        case .history(let id):
            guard let text = order.person.text, !erasure.isDryRun else { return ErasureReport() }
            let emptied = try store.eraseReasons(holding: text, behind: id, examined: Limits.erasureExaminedPerPage)
            hasWritten = hasWritten || emptied.count > 0
            if emptied.next == nil { mustEmptyLog = true }
            return ErasureReport(emptied: emptied.count, next: emptied.next.map { .history(behind: $0) })
        }
    }

    private func eraseReservations(
        of person: PersonalSubject, behind id: ReservationID?, _ erasure: Erasure, from caller: Caller, now: Instant
    ) throws(StorageFailure) -> ErasureReport {
        var report = ErasureReport()
        var tally = ErasureTally()
        let found = try reservations(of: person, behind: id)
        for listed in found.reservations {
            let reservation = listed.reservation
            if try isToCome(reservation, now: now), !erasure.includesUpcoming {
                report.upcoming += 1
                continue
            }
            report.reservations += 1
            if erasure.isDryRun { continue }
            let emptied = try eraseContact(of: reservation, now: now)
            report.emptied += emptied
            tally.add(reservation.organization, emptied: emptied)
        }
        try remember(tally, because: nil, caller, erasure.operatorID, now: now)
        report.next = found.next.map { .reservations(behind: $0) } ?? .tickets(behind: nil)
        return report
    }

    private func eraseTickets(
        of person: PersonalSubject, behind id: TicketID?, _ erasure: Erasure, from caller: Caller, now: Instant
    ) throws(StorageFailure) -> ErasureReport {
        var report = ErasureReport()
        let found = try store.tickets(of: person, behind: id, examined: Limits.ticketsExaminedPerPage)
        for named in found.tickets {
            if try isOfReservation(named, of: person) { continue }
            report.tickets += 1
            if erasure.isDryRun { continue }
            let ticket = named.ticket
            try store.eraseContact(of: ticket.id)
            report.emptied += try store.eraseReasons(of: ticket.id, holding: [named.email, named.phone].compactMap(\.self))
            try remember(
                HistoryNote(
                    at: now, action: .personalDataErased, caller: caller, operatorID: erasure.operatorID, organization: ticket.organization,
                    ticket: ticket.id))
            hasWritten = true
        }
        let afterTickets: PersonalDataOrder.Position? = erasure.isDryRun ? nil : .messages(behind: nil)
        report.next = found.next.map { .tickets(behind: $0) } ?? afterTickets
        return report
    }

    /// Whether the visit is still to come: nobody was let in yet, and the slot is not over.
    private func isToCome(_ reservation: Reservation, now: Instant) throws(StorageFailure) -> Bool {
        guard reservation.status == .reserved else { return false }
        let slot = try slot(of: reservation)
        guard let zone = organizations[slot.organization]?.zone else { return false }
        return now < zone.instant(of: slot.date, slot.endTime)
    }

    // MARK: of both, erasures that are asked for and those that time brings

    /// - Returns: how many messages were taken back and reasons erased.
    func eraseContact(of reservation: Reservation, now: Instant) throws(StorageFailure) -> Int {
        let messages = try takeBackMessages(of: reservation.id, now: now)
        try store.eraseContact(of: reservation)
        let reasons = try store.eraseReasons(of: reservation.ticket, holding: [reservation.email.text, reservation.phone.text])
        hasWritten = true
        return messages + reasons
    }

    /// Who was erased must not be found in what the log still holds. One that cannot be emptied now is tried again with the next group.
    ///
    /// - Returns: whether it is empty.
    func emptyLog() -> Bool {
        guard terminalFailure == nil else { return false }
        do throws(StorageFailure) {
            try store.emptyLog()
            mustEmptyLog = false
        } catch {
            if !checkpointHasFailed { settings.onCheckpointFailure(error) }
            checkpointHasFailed = true
        }
        return !mustEmptyLog
    }

    /// An erasure is not done while the log holds what was erased; asked for its last page again, the ledger tries once more.
    static func withholdEndsOfErasures(from answers: inout [[(Submission, Outcome)]]) {
        for group in answers.indices {
            for place in answers[group].indices {
                if case .personalData(.erased(let report)) = answers[group][place].1, report.next == nil,
                    case .personalData(.erase(_, let erasure)) = answers[group][place].0.command, !erasure.isDryRun
                {
                    answers[group][place].1 = .failed(.logNotEmptied)
                }
            }
        }
    }

    /// One line for each organisation: who, when and how many, and nothing of whom.
    ///
    /// - Parameter because: why the daemon did it of itself.
    func remember(
        _ tally: ErasureTally, because reason: String?, _ caller: Caller, _ operatorID: OperatorID?, now: Instant
    ) throws(StorageFailure) {
        for (organization, count) in tally.counts.sorted(by: { $0.key < $1.key }) {
            let what = "reservations: \(count.reservations), messages and reasons: \(count.emptied)"
            try remember(
                HistoryNote(
                    at: now, action: .personalDataErased, caller: caller, operatorID: operatorID, organization: organization,
                    detail: reason.map { "\(what), \($0)" } ?? what))
        }
    }
}

/// What was erased, by organisation.
struct ErasureTally {
    private(set) var counts: [OrganizationID: (reservations: Int, emptied: Int)] = [:]

    mutating func add(_ organization: OrganizationID, emptied: Int) {
        let count = counts[organization] ?? (0, 0)
        counts[organization] = (count.reservations + 1, count.emptied + emptied)
    }
}
