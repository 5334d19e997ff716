import ReservationCore
import ReservationWire

/// What a file of tickets holds, found out before any of it is sent.
struct TicketFileCheck {
    /// How many problems are told in full.
    static let shownProblems = 20

    private(set) var ticketCount = 0
    private(set) var problemCount = 0
    /// The first ones. The row counts from 0 after the row of names.
    private(set) var problems: [ProblemMessage] = []
    private var codes: [PackedCode: UInt32] = [:]
    private var ids: [UInt64: UInt32] = [:]

    /// Reads the file to its end.
    ///
    /// - Parameter report: is told now and then how many rows were read.
    init(_ file: inout TicketFile, report: (Int) -> Void = { _ in }) throws(ControlFailure) {
        var rowNumber: UInt64 = 0
        while let row = try file.next() {
            switch row {
            case .ticket(let ticket, let line):
                ticketCount += 1
                if let problem = duplicate(ticket, line: line) { add(problem, line: line, row: rowNumber) }
            case .problem(let message, let line, let isLast):
                add(message, line: line, row: rowNumber)
                if isLast { return }
            }
            rowNumber += 1
            if rowNumber % 10_000 == 0 { report(Int(rowNumber)) }
        }
        codes = [:]
        ids = [:]
    }

    private mutating func add(_ message: String, line: Int, row: UInt64) {
        problemCount += 1
        guard problems.count < Self.shownProblems else { return }
        problems.append(ProblemMessage(message: "line \(line): \(message)", row: row))
    }

    /// The daemon would find the second of two alike only after the thousands before it had been imported.
    private mutating func duplicate(_ ticket: ImportRow, line: Int) -> String? {
        let line = UInt32(clamping: line)
        if let first = codes.updateValue(line, forKey: PackedCode(ticket)) {
            return "ticket_code is the same as on line \(first)"
        }
        if let id = ticket.ticketID, let first = ids.updateValue(line, forKey: id) {
            return "ticket_id is the same as on line \(first)"
        }
        return nil
    }
}

/// A ticket's code and organisation in 24 bytes, so that a million of them take tens of megabytes and no allocation each.
private struct PackedCode: Hashable {
    /// Twelve letters or digits in base 36, which is below 2^63.
    let secret: UInt64
    let organization: UInt64
    let year: UInt16

    /// - Parameter ticket: with a valid code, `TKT-dddd-xxxxxx-xxxxxx`.
    init(_ ticket: ImportRow) {
        var year: UInt16 = 0
        var secret: UInt64 = 0
        for (index, byte) in ticket.ticketCode.utf8.enumerated() where index >= 4 && byte != UInt8(ascii: "-") {
            let isDigit = byte <= UInt8(ascii: "9")
            if index < 8 {
                year = year &* 10 &+ UInt16(byte &- UInt8(ascii: "0"))
            } else {
                secret = secret &* 36 &+ UInt64(isDigit ? byte &- UInt8(ascii: "0") : byte &- UInt8(ascii: "A") &+ 10)
            }
        }
        self.secret = secret
        self.organization = ticket.orq
        self.year = year
    }
}
