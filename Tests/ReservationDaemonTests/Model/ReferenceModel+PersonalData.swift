import ReservationCore

@testable import ReservationDaemon

/// Who is erased (proto-spec, section 25).
extension ReferenceModel {
    mutating func erase(_ order: PersonalDataOrder, _ erasure: Erasure) -> Prediction {
        guard case .email(let address) = order.person else { return .erased(ErasureReport()) }
        return switch order.position {
        case .reservations: eraseReservations(of: address, erasure)
        case .messages: .erased(ErasureReport(emptied: emptyMessages()))
        case .history: .erased(ErasureReport(emptied: eraseReasons(holding: [address.text]) { _ in true }))
        // Every ticket's contact is its reservation's.
        case .tickets: .erased(ErasureReport())
        }
    }

    private mutating func eraseReservations(of address: EmailAddress, _ erasure: Erasure) -> Prediction {
        var report = ErasureReport()
        var touched: [OrganizationID] = []
        let meant = tables.reservations.indices.filter { tables.reservations[$0].contact.email == address }
        for place in meant.prefix(Limits.personsReservationsPerPage) {
            let reservation = tables.reservations[place]
            if isToCome(reservation) && !erasure.includesUpcoming {
                report.upcoming += 1
                continue
            }
            report.reservations += 1
            if erasure.isDryRun { continue }
            report.emptied += tables.messages.count { $0.reservation == place && $0.dueAt != nil }
            takeBackMessages(of: place)
            tables.reservations[place].contact = Contact(email: .erased, phone: .erased)
            report.emptied += eraseReasons(holding: [address.text, reservation.contact.phone.text]) { $0.ticket == reservation.ticket }
            touched.append(tables.tickets[reservation.ticket].organization)
        }
        for organization in Set(touched).sorted() {
            tables.history.append(
                ModelNote(action: .personalDataErased, at: now, organization: organization, operatorID: erasure.operatorID))
        }
        return .erased(report)
    }

    /// Nobody came yet, and the slot is not over.
    private func isToCome(_ reservation: ModelReservation) -> Bool {
        guard reservation.status == .reserved, let slot = slot(reservation.slot) else { return false }
        return now.seconds < slot.startsAt.seconds + Int64(slot.end.seconds) - Int64(slot.start.seconds)
    }

    private mutating func emptyMessages() -> Int {
        var count = 0
        for index in tables.messages.indices where tables.reservations[tables.messages[index].reservation].isErased {
            var message = tables.messages[index]
            (message.lastError, message.providerID, message.requestName, message.dueAt) = (nil, nil, nil, nil)
            if message.state != .sent { message.state = .cancelled }
            guard message != tables.messages[index] else { continue }
            message.updatedAt = now
            tables.messages[index] = message
            count += 1
        }
        return count
    }

    private mutating func eraseReasons(holding texts: [String], where isMeant: (ModelNote) -> Bool) -> Int {
        var count = 0
        for index in tables.history.indices where isMeant(tables.history[index]) {
            guard let reason = tables.history[index].reason, texts.contains(where: { reason.contains($0) }) else { continue }
            tables.history[index].reason = "(erased)"
            count += 1
        }
        return count
    }
}

extension ModelReservation {
    var isErased: Bool { contact.email.text == "erased@erased.invalid" }
}

extension ErasureReport {
    /// Where the next page begins depends on how many rows there are, which another test is about.
    func isSame(as other: ErasureReport) -> Bool {
        reservations == other.reservations && upcoming == other.upcoming && tickets == other.tickets && emptied == other.emptied
    }
}
