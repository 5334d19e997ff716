import ReservationCore
import ReservationWire

/// What an open page listens to: the slots of an organisation's month.
struct SlotTopic: Hashable, Sendable {
    let organization: UInt64
    let month: YearMonth

    init(organization: UInt64, month: YearMonth) {
        self.organization = organization
        self.month = month
    }

    init(_ slot: SlotMessage) {
        self.init(organization: slot.orq, month: slot.date.month)
    }
}
