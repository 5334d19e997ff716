import CoreMetrics
import NIOCore
import ReservationCore
import ReservationMetrics
import ReservationWire

/// Everything that the daemon counts and measures.
package final class DaemonMetrics: Sendable {
    package let registry: MetricRegistry
    let ledger: LedgerMetrics
    let gauges: LedgerGaugeHandles
    private let requests: CounterTable
    private let durations: [Timer]
    /// Places in the two tables, by the numbers of the registry.
    private let operationPlaces: [Int]
    private let statusPlaces: [Int]
    private let otherOperation: Int

    package init(_ registry: MetricRegistry = MetricRegistry()) {
        let (operations, statuses) = (Opcode.allCases, Status.allCases)
        self.registry = registry
        ledger = LedgerMetrics(registry)
        gauges = LedgerGaugeHandles(registry)
        otherOperation = operations.count
        operationPlaces = Self.places(operations.map(\.rawValue))
        statusPlaces = Self.places(statuses.map(\.rawValue))
        let table = registry.table(
            .requests, ("operation", "status"), rows: operations.map(\.name) + ["other"], columns: statuses.map(\.name)
        ) { row, column in statuses[column] == .ok && row < operations.count }
        requests = table
        durations = operations.map { opcode in
            registry.timer(.requestDuration, ("operation", opcode.name), isHiddenWhileZero: !Self.isAlwaysTimed(opcode))
        }
        let overloaded = Self.places(statuses.map(\.rawValue))[Int(Status.overloaded.rawValue)]
        registry.measuredCounter(.overloaded) { table.total(ofColumn: overloaded) }
        registry.gauge(.startTime).record(SystemClock.now().seconds)
    }

    /// Of an answer that was handed over.
    func record(_ outcome: Outcome, of submission: Submission, at now: NIODeadline) {
        record(outcome.status, of: submission, at: now)
    }

    func record(_ status: Status, of submission: Submission, at now: NIODeadline) {
        let operation = operationPlaces[Int(submission.opcode.rawValue)]
        requests.increment(operation, statusPlaces[Int(status.rawValue)])
        durations[operation].recordNanoseconds((now - submission.receivedAt).nanoseconds)
    }

    /// Of a request that was refused before it was read.
    func record(refusal frame: Frame) {
        guard frame.header.type == .error, frame.header.requestID != 0, let status = Status(rawValue: frame.header.status) else { return }
        let operation = Opcode(rawValue: frame.header.opcode).map { operationPlaces[Int($0.rawValue)] } ?? otherOperation
        requests.increment(operation, statusPlaces[Int(status.rawValue)])
    }

    /// Where each number stands in a list of all; the numbers between are nobody's.
    private static func places(_ numbers: [UInt16]) -> [Int] {
        var places = [Int](repeating: 0, count: Int(numbers.max() ?? 0) + 1)
        for (place, number) in numbers.enumerated() { places[Int(number)] = place }
        return places
    }

    /// What visitors do is there from the start, so that its first occurrence shows as an increase.
    private static func isAlwaysTimed(_ opcode: Opcode) -> Bool {
        switch opcode {
        case .ticketValidate, .contactVerify, .slotsAvailable, .reservationCreate: true
        default: false
        }
    }
}

extension Outcome {
    /// What the answer says in its header.
    var status: Status {
        switch self {
        case .refused(let refusal): Status(refusal)
        case .failed(let fault): fault.status
        default: .ok
        }
    }
}
