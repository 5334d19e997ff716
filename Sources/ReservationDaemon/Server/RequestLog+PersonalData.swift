import Logging
import ReservationLog
import ReservationWire

extension Logger {
    /// That somebody's data was given out or erased, and how much, never whose. A page in which nothing was found is not worth a line.
    func record(_ outcome: Outcome, of command: PersonalDataCommand, opcode: Opcode) {
        switch outcome {
        case .personalData(.exported(let page)):
            let count = page.reservations.count + page.tickets.count + page.messages.count
            if count > 0 { record(.notice, .personalDataExported, [.count: "\(count)"]) }
        case .personalData(.erased(let report)):
            // One that is only tried is no news.
            if case .erase(_, let erasure) = command, erasure.isDryRun { return }
            guard report.reservations + report.tickets + report.emptied + report.upcoming > 0 else { return }
            record(
                .notice, .personalDataErased,
                [.count: "\(report.reservations + report.tickets)", .result: "upcoming \(report.upcoming), emptied \(report.emptied)"])
        default: recordFailure(outcome, of: opcode)
        }
    }
}
