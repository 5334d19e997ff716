/// What may become of a ticket and its reservation after the sale and after the booking: pure functions of both, the wish and the clock.
package enum LifeRules {
    /// What is to become of a ticket's status.
    package enum StatusChange: Hashable, Sendable {
        case become(TicketStatus)
        /// It is so already, or further.
        case stands
        case refused(Refusal)
    }

    /// The payment arrived. Heard again it changes nothing, whatever has been done with the ticket since.
    package static func activating(_ status: TicketStatus) -> StatusChange {
        switch status {
        case .pendingPayment: .become(.activated)
        case .activated, .reserved, .verified: .stands
        case .expired: .refused(.ticketExpired)
        }
    }

    /// - Parameter reservedDate: of a ticket that holds a place.
    package static func expiring(_ status: TicketStatus, reservedDate: CalendarDate?) -> StatusChange {
        switch status {
        case .pendingPayment, .activated: .become(.expired)
        case .expired: .stands
        case .reserved: .refused(.ticketAlreadyReserved(reservedDate))
        case .verified: .refused(.ticketAlreadyUsed)
        }
    }

    /// Where a ticket stands that is valid through a day: it ends with that day unless it holds a place or was used.
    package static func status(_ status: TicketStatus, validUntil: CalendarDate, today: CalendarDate) -> TicketStatus {
        switch status {
        case .pendingPayment, .activated: today > validUntil ? .expired : status
        case .reserved, .verified, .expired: status
        }
    }

    /// What the gate is to do.
    package enum Admission: Hashable, Sendable {
        case welcome
        /// The same operator asks once more within a minute: the answer was lost, not the ticket copied.
        case welcomeAgain
        case refused(Refusal)
    }

    /// A ticket that holds a place, at the gate.
    ///
    /// - Parameters:
    ///   - visit: the slot's day.
    ///   - today: in the time zone of the slot's organisation.
    ///   - anyDay: the operator lets it in whatever day it is for.
    package static func admitting(visit: CalendarDate, today: CalendarDate, anyDay: Bool) -> Admission {
        let days = Int(visit.dayNumber) - Int(today.dayNumber)
        return days == 0 || anyDay ? .welcome : .refused(.wrongDay(visit: visit, days: days))
    }

    /// A ticket that was used, at the gate again.
    ///
    /// - Parameter operator: whoever has no number cannot be told from another, and is not let in twice.
    package static func admittingAgain(_ verification: Verification, by operator: OperatorID?, now: Instant) -> Admission {
        guard let `operator`, verification.by == `operator`, let at = verification.at,
            abs(now.seconds - at.seconds) <= Limits.repeatedCheckInSeconds
        else { return .refused(.checkedIn(verification)) }
        return .welcomeAgain
    }

    /// Why a ticket that holds no place is not let in.
    package static func refusal(without status: TicketStatus) -> Refusal? {
        switch status {
        case .pendingPayment: .ticketNotActivated
        case .expired: .ticketExpired
        case .activated: .notReserved
        case .reserved, .verified: nil
        }
    }

    /// The reservation without its place.
    package static func cancelling(_ reservation: Reservation) -> Reservation {
        var cancelled = reservation
        cancelled.status = .cancelled
        cancelled.sequence += 1
        return cancelled
    }

    /// The reservation with a place in another slot.
    package static func moving(_ reservation: Reservation, to slot: SlotID) -> Reservation {
        var moved = reservation
        moved.slot = slot
        moved.sequence += 1
        return moved
    }
}
