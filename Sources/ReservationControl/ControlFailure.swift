import ReservationClient
import ReservationWire

/// Why a command did not do what was asked. The message is one line: what is wrong, and what to do.
package struct ControlFailure: Error {
    /// What a script can tell apart: 1 is the daemon's "no", the others are those of sysexits(3).
    package enum Kind: Int32, Sendable {
        /// The daemon said no, or a check of `doctor` failed.
        case refused = 1
        /// The command line cannot be understood.
        case usage = 64
        /// What was handed in cannot be used.
        case badData = 65
        /// The file cannot be opened.
        case noInput = 66
        /// No daemon answers at the socket.
        case unreachable = 69
        /// Standard output or the file broke off.
        case inputOutput = 74
        /// It may work later: overloaded, full disk, out of time.
        case tryAgain = 75
        /// The socket or the operation is not this user's.
        case notPermitted = 77
    }

    package var kind: Kind
    package var message: String
    /// What was done or found all the same; printed on standard output before the message.
    package var report: Report?

    package init(_ kind: Kind, _ message: String, report: Report? = nil) {
        self.kind = kind
        self.message = message
        self.report = report
    }
}

extension ControlFailure {
    /// The daemon refused.
    init(_ status: Status, _ reply: ErrorReply) {
        switch status.statusClass {
        case .permission:
            self.init(
                .notPermitted,
                status == .operationNotPermitted
                    ? "this socket does not allow it: use the administrators' socket (--socket …/admin.sock)" : reply.message)
        case .overloaded:
            self.init(.tryAgain, "\(reply.message.withoutFullStop): try again later")
        case .outcomeUnknown:
            self.init(.tryAgain, "the daemon cannot tell whether it was done: look before you ask again")
        case .unimplemented:
            self.init(.refused, "the daemon does not know this operation: it is older than this program, update it")
        case .invalid where status == .invalidRequest || status == .invalidTicketCode || status == .invalidContact:
            let problems = reply.validationErrors.map { "\($0.field): \($0.message)" }
            self.init(.badData, problems.isEmpty ? reply.message : problems.joined(separator: "; "))
        case .ok, .protocol, .invalid, .conflict, .internal:
            self.init(status == .malformedPayload ? .badData : .refused, Self.operatorsAdvice(status, reply) ?? reply.message)
        }
    }

    /// The daemon's messages are for visitors, whose next step is another.
    private static func operatorsAdvice(_ status: Status, _ reply: ErrorReply) -> String? {
        switch status {
        case .ticketNotFound: "there is no such ticket: check its code or id"
        case .slotNotFound: "there is no such slot: look its number up with reservationctl slots list"
        case .organizationNotFound: "there is no such organization: see reservationctl organization list"
        case .reservationNotFound: "there is no such live reservation: check its number"
        case .outboxEntryNotFound: "there is no such message: look its number up with reservationctl outbox list"
        case .slotInUse: "\(reply.message.withoutFullStop); see reservationctl reservations list --slot, reservationctl slots close"
        case .alreadySent: "it was sent already: to send it once more, use reservationctl reservations resend"
        case .visitTooLate:
            reply.validUntil.map { "this ticket is valid until \($0): choose a slot on that day or before" }
        case .contactErased: "who made this reservation was erased: there is nobody to write to"
        case .notReserved: "this ticket holds no place: have a time slot reserved first"
        case .wrongDay: "wrong day: \(reply.message.withoutFullStop); to let it in all the same, use --any-day"
        case .ticketAlreadyUsed:
            reply.verifiedAt.map { at in
                let who = reply.verifiedBy.map { ", let in by operator \($0)" } ?? ""
                return "this ticket was used already, at \(at.iso8601)\(who)"
            } ?? "this ticket was used already"
        case .slotFull where !reply.alternativeSlots.isEmpty:
            "this slot is full: slots with places nearby are "
                + reply.alternativeSlots.map { "\($0.slotID) (\($0.date) \($0.startTime.short))" }.joined(separator: ", ")
        default: nil
        }
    }

    /// No answer came.
    init(_ error: ClientError) {
        let kind: Kind =
            switch error.code {
            case .unreachable, .protocolViolation, .unsupportedVersion, .closed: .unreachable
            case .notPermitted: .notPermitted
            case .deadlineExceeded, .outcomeUnknown, .cancelled: .tryAgain
            case .requestTooLarge: .badData
            }
        self.init(kind, error.message)
    }
}

extension String {
    /// So that a hint can follow after a colon.
    fileprivate var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
