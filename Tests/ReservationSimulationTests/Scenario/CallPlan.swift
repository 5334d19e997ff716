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
}
