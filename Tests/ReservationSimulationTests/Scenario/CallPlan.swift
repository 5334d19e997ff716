import NIOCore
import ReservationCore
import ReservationWire

/// What one caller will ask, drawn before the run.
struct CallPlan: Sendable {
    enum Action: Sendable {
        case create(Booking)
        /// Index of a ticket; one beyond the last is a code that nobody issued.
        case validate(Int)
        case available
        case health
        case setCapacity(slot: Int, Int)
        case setOpen(slot: Int, Bool)
        case cancel(Change)
        /// To the slot of this index.
        case move(Change, to: Int, key: UInt128?)
    }

    /// A wish to book. Its e-mail address names the request: two plans with the same one ask for the same.
    struct Booking: Sendable {
        /// Index; one beyond the last does not exist.
        var ticket: Int
        /// Index; one beyond the last does not exist.
        var slot: Int
        var key: UInt128?
        var code: Code
        var email: String
    }

    /// A wish to change what is booked on a ticket.
    struct Change: Sendable {
        /// Index.
        var ticket: Int
        /// Names the reservation that the ticket has when the call begins, rather than the ticket.
        var isByReservation: Bool
        /// What the call before named, of which this one is the repetition.
        var named: Name?
    }

    enum Name: Sendable {
        case ticket(UInt64)
        case reservation(UInt64)
    }

    enum Code: Sendable {
        case absent, right, wrong
    }

    var client: Int
    var action: Action
    /// From the beginning of the run.
    var begin: TimeAmount
    var deadline: Duration
    /// The caller gives up after this long.
    var cancelAfter: TimeAmount?
    /// How often the caller may ask again, under the same key, when it did not learn what became of it.
    var repetitions = 0

    var booking: Booking? {
        if case .create(let booking) = action { return booking }
        return nil
    }

    /// The ticket whose booking it changes.
    var changedTicket: Int? {
        switch action {
        case .cancel(let change), .move(let change, _, _): change.ticket
        default: nil
        }
    }

    /// What makes a repetition act once.
    var key: UInt128? {
        switch action {
        case .create(let booking): booking.key
        case .move(_, _, let key): key
        default: nil
        }
    }
}
