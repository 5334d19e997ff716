import ReservationCore
import Testing

@testable import ReservationDaemon

/// Sequences on which the ledger and the model once parted, as short as they could be made.
@Suite("Sequences that once went wrong")
struct ModelRegressionTests {
    @Test("a doctor who comes in the same group as a booking finds the counters right")
    func doctorAmongBookings() throws {
        try expectAgreement([
            .group([
                .addOrganization(0, zone: 0, allowsStarted: false),
                .createSlot(organization: 0, day: 0, time: 0, capacity: 1),
                .issueNamed(organization: 0, .activated, id: 0, code: 0),
            ]),
            .group([.create(ModelBooking(ticket: .any(0), slot: .any(0))), .doctor]),
        ])
    }

    @Test("of events that were dated by a clock that was set back in between, none goes before those ahead of it")
    func eventsAfterClockWasSetBack() throws {
        try expectAgreement([
            .group([.addOrganization(1, zone: 3, allowsStarted: true)]),
            .group([.createSlot(organization: 1, day: 1, time: 0, capacity: 1)]),
            .clock(minutes: -1356),
            .group([.setSlotCapacity(.bookable(0), 4)]),
            .group([.createSlot(organization: 1, day: 0, time: 0, capacity: 1)]),
            .clock(minutes: 9360),
            .group([.create(ModelBooking(ticket: .bookable(0), slot: .bookable(0)))]),
            .restart,
        ])
    }

    private func expectAgreement(_ steps: [ModelStep]) throws {
        let result = try ModelRun.run(steps, in: try ModelFolder())
        #expect(result.failure == nil)
    }
}
