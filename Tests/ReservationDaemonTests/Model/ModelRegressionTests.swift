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

    private func expectAgreement(_ steps: [ModelStep]) throws {
        let result = try ModelRun.run(steps, in: try ModelFolder())
        #expect(result.failure == nil)
    }
}
