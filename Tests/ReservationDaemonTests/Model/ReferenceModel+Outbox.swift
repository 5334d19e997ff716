import ReservationCore

@testable import ReservationDaemon

/// A message as it must be (proto-spec, section 21).
struct ModelMessage: Equatable, Sendable {
    var id: OutboxID
    var purpose = MessagePurpose.confirmation
    /// Its place in the table.
    var reservation: Int
    var requestName: RequestName?
    /// The reservation as it was when the message was shown; a later command of the group may change it.
    var seen: ModelReservation?
    var state = OutboxState.queued
    var attempts = 0
    var lease: Int64 = 0
    var dueAt: Instant?
    var lastError: String?
    var providerID: String?
    var createdAt: Instant
    var queuedAt: Instant
    var updatedAt: Instant
}

extension ReferenceModel {
    /// Exactly one with each reservation, and one more each time an operator asks for it.
    mutating func queueMessage(_ purpose: MessagePurpose = .confirmation, of reservation: Int, for name: RequestName? = nil) {
        guard let id = OutboxID((tables.messages.last?.id.rawValue ?? 0) + 1) else { return }
        tables.messages.append(
            ModelMessage(
                id: id, purpose: purpose, reservation: reservation, requestName: name, dueAt: now, createdAt: now, queuedAt: now,
                updatedAt: now))
    }

    mutating func apply(_ command: OutboxCommand) -> Prediction {
        func seen(_ message: ModelMessage) -> ModelMessage {
            var seen = message
            seen.seen = tables.reservations[message.reservation]
            return seen
        }
        return switch decide(command) {
        case .leased(let messages): .leased(messages.map(seen))
        case .reported(let message): .reported(seen(message))
        case .message(let message): .message(seen(message))
        case .messages(let messages, let next): .messages(messages.map(seen), next: next)
        case let other: other
        }
    }

    private mutating func decide(_ command: OutboxCommand) -> Prediction {
        switch command {
        case .lease(let order): return lease(order)
        case .report(let id, let lease, let report): return self.report(report, id, lease)
        case .list(let query): return list(query)
        case .show(let id): return place(id).map { .message(shown(tables.messages[$0])) } ?? .refused(.outboxEntryNotFound)
        case .requeue(let id): return requeue(id)
        case .cancel(let id): return cancel(id)
        case .resend(let id):
            if tables.reservations.contains(where: { $0.id == id && $0.isErased }) { return .refused(.contactErased) }
            guard let reservation = tables.reservations.firstIndex(where: { $0.id == id && $0.status != .cancelled }) else {
                return .refused(.reservationNotFound)
            }
            queueMessage(of: reservation)
            return .message(tables.messages[tables.messages.count - 1])
        }
    }

    private func place(_ id: OutboxID) -> Int? { tables.messages.firstIndex { $0.id == id } }

    private func isDue(_ message: ModelMessage) -> Bool { message.dueAt.map { $0.seconds <= now.seconds } ?? false }

    /// A lease that is over has gone back by itself.
    private func shown(_ message: ModelMessage) -> ModelMessage {
        var shown = message
        if message.state == .leased && isDue(message) { shown.state = .queued }
        return shown
    }

    private mutating func lease(_ order: LeaseOrder) -> Prediction {
        let due = tables.messages.indices.filter { isDue(tables.messages[$0]) }.sorted { left, right in
            let (one, other) = (tables.messages[left], tables.messages[right])
            return (one.dueAt?.seconds ?? 0, one.id) < (other.dueAt?.seconds ?? 0, other.id)
        }
        var leased: [ModelMessage] = []
        for index in due.prefix(order.limit) {
            tables.messages[index].state = .leased
            tables.messages[index].attempts += 1
            tables.messages[index].lease += 1
            // Whole seconds here, and one more because the one that has begun may be over already.
            tables.messages[index].dueAt = Instant(seconds: now.seconds + order.leaseMilliseconds / 1000 + 1)
            tables.messages[index].updatedAt = now
            leased.append(tables.messages[index])
        }
        return .leased(leased)
    }

    /// Only under the last lease. What was sent was sent, whatever has become of the message since.
    private mutating func report(_ report: OutboxRules.Report, _ id: OutboxID, _ lease: Int64) -> Prediction {
        guard let index = place(id) else { return .refused(.outboxEntryNotFound) }
        var message = tables.messages[index]
        guard lease > 0, lease == message.lease else { return .refused(.leaseLost) }
        switch report {
        case .sent(let provider):
            if message.state == .sent { return .reported(message) }
            message.state = .sent
            message.providerID = tables.reservations[message.reservation].isErased ? nil : provider
            message.lastError = nil
            message.dueAt = nil
        case .retry(let pause, let reason):
            guard message.dueAt != nil else { return .refused(.leaseLost) }
            message.state = .queued
            let due = now.seconds + (pause == 0 ? 0 : (pause + 999) / 1000 + 1)
            message.dueAt = Instant(seconds: due)
            message.queuedAt = Instant(seconds: min(message.queuedAt.seconds, due))
            message.lastError = reason
        case .givenUp(let reason):
            if message.state == .failed { return .reported(message) }
            guard message.dueAt != nil else { return .refused(.leaseLost) }
            message.state = .failed
            message.dueAt = nil
            message.lastError = reason
        }
        return .reported(keep(message, at: index))
    }

    private mutating func requeue(_ id: OutboxID) -> Prediction {
        guard let index = place(id) else { return .refused(.outboxEntryNotFound) }
        var message = shown(tables.messages[index])
        if message.state == .sent { return .refused(.alreadySent) }
        if tables.reservations[message.reservation].isErased { return .refused(.contactErased) }
        if tables.reservations[message.reservation].status == .cancelled, message.purpose != .cancellation {
            return .refused(.reservationNotFound)
        }
        if message.state == .leased || isDue(message) { return .message(message) }
        if message.dueAt == nil {
            message.attempts = 0
            message.lease += 1
            message.lastError = nil
            message.queuedAt = now
        }
        message.state = .queued
        message.dueAt = now
        message.queuedAt = Instant(seconds: min(message.queuedAt.seconds, now.seconds))
        return .message(keep(message, at: index))
    }

    private mutating func cancel(_ id: OutboxID) -> Prediction {
        guard let index = place(id) else { return .refused(.outboxEntryNotFound) }
        var message = tables.messages[index]
        if message.state == .sent { return .refused(.alreadySent) }
        if message.state == .cancelled { return .message(message) }
        message.state = .cancelled
        message.dueAt = nil
        return .message(keep(message, at: index))
    }

    /// What is the same as before is not stored again.
    private mutating func keep(_ message: ModelMessage, at index: Int) -> ModelMessage {
        var kept = message
        kept.updatedAt = now
        if kept != tables.messages[index] { tables.messages[index] = kept }
        return kept
    }

    private func list(_ query: OutboxQuery) -> Prediction {
        let wanted = tables.messages.map(shown).filter { message in
            let organization = tables.tickets[tables.reservations[message.reservation].ticket].organization
            return (query.after.map { $0 < message.id } ?? true) && (query.state.map { $0 == message.state } ?? true)
                && (query.organization.map { $0 == organization } ?? true)
        }
        let page = Array(wanted.prefix(query.limit))
        return .messages(page, next: wanted.count > page.count ? page.last?.id : nil)
    }

    var outboxStatistics: OutboxStatistics {
        let pending = tables.messages.filter { $0.dueAt != nil }
        return OutboxStatistics(
            pending: pending.count, sent: tables.messages.count { $0.state == .sent } + tables.forgottenSent,
            failed: tables.messages.count { $0.state == .failed }, oldest: pending.map(\.queuedAt).min())
    }

    /// After thirty days, a few at a time from the oldest on; the youngest of all stays, so that its number is not given out again.
    mutating func forgetMessages(limit: Int) {
        let horizon = now.seconds - 30 * 86_400
        let behind = forgottenUpTo
        let examined = tables.messages.filter { message in behind.map { $0 < message.id } ?? true }.prefix(limit)
            .filter { $0.createdAt.seconds < horizon }
        let youngest = tables.messages.last?.id
        let gone = examined.filter { message in
            (message.state == .sent || message.state == .cancelled) && message.updatedAt.seconds < horizon && message.id != youngest
        }
        if !gone.isEmpty {
            tables.forgottenSent += gone.count { $0.state == .sent }
            tables.messages.removeAll { message in gone.contains { $0.id == message.id } }
        }
        forgottenUpTo = examined.count == limit ? examined.last?.id : nil
    }

    // MARK: comparison

    mutating func agrees(_ shown: OutboxOutcome, with prediction: Prediction) -> Bool {
        switch (prediction, shown) {
        case (.leased(let messages), .leased(let deliveries)):
            agree(messages, deliveries.map(\.entry)) && zip(messages, deliveries).allSatisfy { agrees($1, $0) }
        case (.reported(let message), .reported(let entry)): agree([message], [entry])
        case (.message(let message), .entry(let entry)): agree([message], [entry])
        case (.messages(let messages, let next), .page(let page)): next == page.next && agree(messages, page.entries)
        default: false
        }
    }

    mutating func agree(_ messages: [ModelMessage], _ entries: [OutboxEntry]) -> Bool {
        guard messages.count == entries.count else { return false }
        for (message, entry) in zip(messages, entries) {
            let reservation = message.seen ?? tables.reservations[message.reservation]
            guard learn(reservation, from: entry.reservation), tables.tickets[reservation.ticket].code == entry.ticketCode else {
                return false
            }
            let expected = OutboxEntry(
                id: message.id, kind: .email, purpose: message.purpose, reservation: entry.reservation, ticketCode: entry.ticketCode,
                requestName: message.requestName, state: message.state, attempts: message.attempts, lease: message.lease,
                dueAt: message.dueAt, lastError: message.lastError, providerID: message.providerID,
                createdAt: message.createdAt, queuedAt: message.queuedAt, updatedAt: message.updatedAt)
            if expected != entry { return false }
        }
        return true
    }

    private func agrees(_ delivery: Delivery, _ message: ModelMessage) -> Bool {
        let reservation = message.seen ?? tables.reservations[message.reservation]
        guard let slot = slot(reservation.slot), let organization = organization(slot.organization) else { return false }
        let length = Int64(slot.end.seconds) - Int64(slot.start.seconds)
        // The slot's count is of no concern to who is written to.
        return delivery.slot.id == slot.id && delivery.slot.date == slot.date && delivery.slot.startTime == slot.start
            && delivery.slot.endTime == slot.end && delivery.slot.startsAt == slot.startsAt
            && delivery.endsAt.seconds == slot.startsAt.seconds + length && delivery.organization.id == organization.organization.id
    }
}

extension BookingRules.Request {
    /// In whatever language.
    func isSame(as other: BookingRules.Request) -> Bool {
        organization == other.organization && ticket == other.ticket && code == other.code && slot == other.slot && contact == other.contact
    }
}
