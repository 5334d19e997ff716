/// One numbered step of the schema. Once released it is never changed; a correction is a new one.
///
/// Sets of values are checked with OR, not `IN (…)`: from three values on SQLite builds a temporary B-tree of them for each statement
/// that it runs, which made a booking twice as expensive.
struct Migration: Sendable {
    let number: Int
    let name: String
    /// Statements that run in one transaction together with the record that they did.
    let sql: String

    /// Every step, in order. The numbers are those of the requirements card where it names a migration; they may leave gaps.
    static let all: [Migration] = [
        .organizations, .tickets, .reservationSlots, .ticketReservations, .idempotencyRecords, .outbox, .organizationProfiles,
        .outboxDelivery, .outboxRequestName, .reservationChanges, .history, .events, .ticketValidity, .reservationsOfSlot,
        .personalData,
    ]
}
