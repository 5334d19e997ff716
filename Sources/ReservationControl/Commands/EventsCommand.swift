import ArgumentParser
import NIOCore
import ReservationClient
import ReservationCore
import ReservationWire

/// What happens to reservations, tickets and slots, as it happens.
struct EventsCommand: NounCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "What happens to reservations, tickets and slots, as it happens.",
        subcommands: [FollowEventsCommand.self])
}

/// `events follow`.
struct FollowEventsCommand: ControlCommand {
    static let noun = "events"
    static let configuration = CommandConfiguration(
        commandName: "follow", abstract: "Print each event, one a line, until interrupted; over restarts of the daemon none is left out.",
        discussion: """
            Each line begins with the event's position. To go on after the last line that was read, give its position to --from. With \
            --json each line is one JSON object. The sockets service.sock and admin.sock both allow it.
            """)

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Option(help: ArgumentHelp("Where to begin: behind this position, “oldest” or “now” (default: now).", valueName: "position"))
    var from: String?

    @Option(help: ArgumentHelp("End after so many events.", valueName: "number"))
    var count: String?

    func origin(_ options: OptionReader) throws(ControlFailure) -> EventOrigin {
        switch try options.optional(from, "from", .text) ?? "now" {
        case "now": return .now
        case "oldest": return .oldest
        case let text:
            guard let position = UInt64(text), position <= UInt64(Int64.max >> 10) else {
                throw ControlFailure(.usage, "--from is not a position: give a number as “events follow” prints it, oldest or now")
            }
            return .behind(position)
        }
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let origin = try origin(session.options)
        let wanted = try session.options.optional(count, "count", .id)
        if wanted == 0 { return .text("") }
        try await session.knock()
        do {
            var seen: UInt64 = 0
            for try await item in session.client.events(from: origin) {
                guard case .event(let event) = item else { continue }
                try session.emit(Self.line(event, isJSON: session.isJSON))
                seen += 1
                if seen == wanted { break }
            }
            return .text("")
        } catch let error as EventFeedError {
            switch error {
            case .positionLost(let status, let reply), .refused(let status, let reply): throw ControlFailure(status, reply)
            }
        } catch let failure as ControlFailure {
            throw failure
        } catch {
            throw ControlFailure(.inputOutput, "\(error)")
        }
    }

    static func line(_ event: EventMessage, isJSON: Bool) -> Report {
        if isJSON { return .json(event) }
        let numbers = [
            ("ticket", event.ticketID), ("reservation", event.reservationID), ("slot", event.slotID), ("from slot", event.previousSlotID),
        ]
        let about = numbers.compactMap { name, number in number.map { "\(name) \($0)" } }.joined(separator: ", ")
        return .text("\(event.position)  \(event.at.iso8601)  \(event.kind)  orq \(event.orq), \(about)\n")
    }
}
