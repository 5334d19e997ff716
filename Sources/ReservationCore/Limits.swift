/// Every bound of the product's domain in one place. The protocol's own stand in `proto-spec/registry.json` and `WireLimits`.
package enum Limits {
    /// Fewest digits of an international telephone number.
    package static let phoneMinimumDigits = 7
    /// How many other slots a refusal for a full slot offers.
    package static let alternativeSlots = 5
    /// How far from the wanted date an alternative may lie, in days.
    package static let alternativeDays = 1
    /// Most places a slot can have.
    package static let slotCapacity = 1_000_000
    /// Most tickets one request issues or imports.
    package static let ticketsPerRequest = 1_000
    /// How many tickets reservationctl has imported in one request: a few milliseconds of the ledger's time.
    package static let ticketsImportedAtOnce = 200
    /// Most slots one request generates.
    package static let slotsPerRequest = 10_000
    /// How many slots one request over many days opens, closes or removes: each is written with its line of the history.
    package static let slotsChangedPerRequest = 100
    /// How many slots reservationctl has made in one request, so that no booking waits for long.
    package static let slotsGeneratedAtOnce = 200
    /// Most stretches of days that one request leaves out.
    package static let exceptionsPerRequest = 200
    /// Most slots one page of a list holds.
    package static let slotsPerPage = 2_000
    /// How long an idempotency record is kept, in seconds.
    package static let idempotencySeconds: Int64 = 24 * 3600
    /// Longest organisation name, in bytes of UTF-8.
    package static let organizationNameBytes = 200
    /// Most messages that one mailer leases at a time.
    package static let deliveriesPerLease = 256
    /// Shortest lease, in milliseconds: the clock of leases counts whole seconds.
    package static let shortestLeaseMilliseconds: UInt64 = 1_000
    /// Longest lease, in milliseconds.
    package static let longestLeaseMilliseconds: UInt64 = 3_600_000
    /// Longest wait for something to be due, in milliseconds.
    package static let longestWaitMilliseconds: UInt64 = 60_000
    /// Longest pause before another attempt, in milliseconds: a week.
    package static let longestRetryMilliseconds: UInt64 = 7 * 24 * 3_600_000
    /// Longest reason why a message was not sent, in bytes.
    package static let deliveryDetailBytes = 500
    /// Longest name of a request in the logs, in bytes.
    package static let requestNameBytes = 64
    /// Longest name that a provider gives a message, in bytes.
    package static let providerNameBytes = 200
    /// Most outbox entries one page of a list holds.
    package static let outboxEntriesPerPage = 500
    /// How long a message that was sent or cancelled is remembered unless the operator says otherwise, in days.
    package static let outboxRetentionDays = 30
    /// How long an event can be asked for unless the operator says otherwise, in days.
    package static let eventRetentionDays = 7
    /// Most events that are read or told at a time.
    package static let eventsPerPage = 500
    /// Longest reason that is given for a cancellation or a move, in bytes.
    package static let reasonBytes = 200
    /// For how long the same operator may let the same ticket in again, in seconds: who did not hear the first answer asks again.
    package static let repeatedCheckInSeconds: Int64 = 60
    /// Most entries one page of the history holds.
    package static let historyEntriesPerPage = 500
    /// Most reservations one page of a list holds: reading them keeps the ledger for a millisecond or two.
    package static let reservationsPerPage = 250
    /// How many reservations one page looks at, wanted or not.
    package static let reservationsExaminedPerPage = 1_000
    /// Most tickets one page of a list holds.
    package static let ticketsPerPage = 500
    /// How many tickets one page looks at, wanted or not.
    package static let ticketsExaminedPerPage = 2_000
    /// How many slots one page looks into for reservations.
    package static let slotsSearchedPerPage = 250
    /// How many reservations of a person one page tells of, or erases: each with its lines of the history.
    package static let personsReservationsPerPage = 50
    /// Behind so many lines of the history a page tells of no further reservation.
    package static let historyLinesPerPersonsPage = 300
    /// How many messages one page of a person's data tells of.
    package static let personsMessagesPerPage = 250
    /// How many messages, or lines of the history, are looked at in one go for what was erased.
    package static let erasureExaminedPerPage = 2_000
    /// How many reservations, at most, one step of the sweep for old contacts erases.
    package static let contactsErasedPerSweep = 50
    /// Longest time after a visit for which contacts can be told to be kept, in days: a hundred years.
    package static let retentionDays = 36_525
    /// Largest logo, as a file.
    package static let logoBytes = 65_536
    /// Longest address of a website, in bytes.
    package static let websiteBytes = 200
    /// Longest path of a backup, in bytes.
    package static let backupPathBytes = 1_024
    /// Most backups that a directory is told to keep.
    package static let keptBackups = 10_000
}
