import Glibc

/// Does one piece of the daemon's work so many times, and nothing else that grows with the number. Run under callgrind with two numbers, the
/// difference of the instruction counts divided by the difference of the numbers is what one piece costs: start-up cancels out.
@main
struct CostProgram {
    /// Not `async`: Swift's own main loop waits in sigsuspend(2), which ends valgrind.
    static func main() {
        do {
            try run()
        } catch {
            let line = Array("reservation-bench-cost: \(error)\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
            exit(1)
        }
    }

    private static func run() throws {
        let words = CommandLine.arguments
        guard words.count == 4, let work = Work(rawValue: words[1]), let count = Int(words[2]), count > 0 else {
            print("usage: reservation-bench-cost \(Work.allCases.map(\.rawValue).joined(separator: "|")) COUNT DIRECTORY")
            exit(64)
        }
        switch work {
        case .frame: try DecodingCost.frames(count)
        case .tlv: try DecodingCost.payloads(count, encoding: .tlv)
        case .json: try DecodingCost.payloads(count, encoding: .json)
        case .create: try LedgerCost(directory: words[3]).create(count)
        case .validate: try LedgerCost(directory: words[3]).validate(count)
        case .line: try LineCost.lines(count)
        }
        print("\(count) done")
    }

    enum Work: String, CaseIterable {
        /// A frame cut from what a read brought, its payload left alone.
        case frame
        /// A create's payload in TLV.
        case tlv
        /// A create's payload in JSON.
        case json
        /// A create with its idempotency key, from the frame to the frame of the answer, with a commit for 64.
        case create
        /// A validate, likewise.
        case validate
        /// A line of the journal.
        case line
    }
}

/// What went otherwise than a measurement needs.
struct CostFailure: Error, CustomStringConvertible {
    let message: String

    var description: String { message }
}
