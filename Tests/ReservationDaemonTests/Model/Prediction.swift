import ReservationCore

@testable import ReservationDaemon

/// What the model says a command must answer. Tickets and reservations are named by their place in ``ModelTables``, since the ledger
/// chooses ids; everything else is as it must be.
enum Prediction: Sendable {
    case validated(ModelTicket)
    case contactVerified(Contact)
    case available(month: YearMonth, timeZone: String, slots: [Slot])
    case created(reservation: Int, slot: Slot, hasKey: Bool)
    case replayed(reservation: Int)
    case health(writable: Bool)
    case tickets([ModelTicket], reservations: [ModelReservation?], slots: [Slot?])
    case imported(created: Int, existing: Int, problemRows: [Int])
    case organizations([Organization])
    case organization(Organization, logo: Logo?)
    case months([MonthCount], today: Int32, timeZone: String)
    case slots([Slot], more: Bool)
    case generated(created: Int, existing: Int)
    case slotsChanged(Int, unchanged: Int)
    case slotsDeleted(Int, inUse: Int)
    case status(writable: Bool, ModelSizes)
    case leased([ModelMessage])
    case reported(ModelMessage)
    case message(ModelMessage)
    case messages([ModelMessage], next: OutboxID?)
    case replayedMove(reservation: Int, ModelMove)
    case lifeTicket(ModelTicket, ModelReservation?, Slot?)
    case checkedIn(ModelTicket, ModelReservation, slot: Slot, Verification, isRepeated: Bool)
    case cancelled(ModelReservation, slot: Slot, isChanged: Bool)
    case moved(ModelReservation, slot: Slot, from: SlotID, isChanged: Bool, hasKey: Bool)
    case reservation(ModelReservation, slot: Slot, Verification)
    case history([ModelNote])
    case reservations([ModelListed], isWhole: Bool)
    case erased(ErasureReport)
    case swept
    case sound
    case alive
    case refused(Refusal)
    case failed(Fault)
}

/// A reservation as it stood when it was listed.
struct ModelListed: Sendable {
    var reservation: ModelReservation
    var slot: Slot
    var verification: Verification
}

/// How many of each thing there are.
struct ModelSizes: Hashable, Sendable {
    var organizations: Int
    var slots: Int
    var tickets: Int
    var reservations: Int
    var outbox: OutboxStatistics
}

/// Where ledger and model part.
struct Disagreement: Error {
    var text: String

    init(_ text: String) {
        self.text = text
    }
}
