import Logging
import ReservationCore
import ReservationLog
import ReservationWire

extension Logger {
    /// What became of a ticket or a reservation. Who wanted it is in the history.
    func record(_ outcome: Outcome, of command: LifeCommand, opcode: Opcode) {
        switch (command, outcome) {
        case (_, .life(.ticket(let shown))):
            record(
                .notice, .ticketChanged,
                [.operation: "\(opcode.name)", .ticketID: "\(shown.ticket.id)", .result: "\(shown.ticket.status.rawValue)"])
        case (.checkIn, .life(.checkedIn(let entry))):
            record(
                .info, .ticketCheckedIn,
                [
                    .ticketID: "\(entry.ticket.id)", .reservationID: "\(entry.reservation.id)", .slotID: "\(entry.slot.id)",
                    .replayed: "\(entry.isRepeated)",
                ])
        case (.checkIn, _):
            record(
                outcome.isFault ? .warning : .info, .ticketCheckInRefused, [.reason: "\(outcome.failureReason ?? "UNKNOWN")"])
        case (_, .life(.cancelled(let change))):
            record(
                .notice, .reservationCancelled,
                [
                    .reservationID: "\(change.reservation.id)", .ticketID: "\(change.reservation.ticket)",
                    .slotID: "\(change.reservation.slot)", .replayed: "\(!change.isChanged)",
                ])
        case (_, .life(.moved(let moved))):
            record(
                .notice, .reservationMoved,
                [
                    .reservationID: "\(moved.change.reservation.id)", .ticketID: "\(moved.change.reservation.ticket)",
                    .slotID: "\(moved.change.reservation.slot)", .replayed: "\(!moved.change.isChanged)",
                ])
        case (.move(_, let slot, _, _), .replayed):
            record(.notice, .reservationMoved, [.slotID: "\(slot)", .replayed: "true"])
        default: recordFailure(outcome, of: opcode)
        }
    }
}
