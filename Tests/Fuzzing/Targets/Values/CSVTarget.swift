import ReservationCore

@testable import ReservationControl

/// A file is the same records and the same fault however it is read, and records that are written out again are read as the same.
enum CSVTarget: FuzzTarget {
    static let name = "csv"

    static func check(_ bytes: [UInt8]) throws {
        var input = InputCursor(bytes)
        let seed = input.byte()
        let file = input.rest()
        let whole = Reading(Pieces.single(file))
        try require(Reading(Pieces.irregular(file, seed: seed)) == whole, "blocks are read as the whole")
        try require(Reading(Pieces.bytewise(file)) == whole, "single bytes are read as the whole")
        for record in whole.records {
            try require(record.fields.count <= CSVReader.fieldCount, "a row's fields are bounded")
            try require(record.fields.allSatisfy { $0.utf8.count <= CSVReader.fieldBytes }, "a field is bounded")
        }
        let again = Reading(Pieces.single(write(whole.records)))
        try require(again.fault == nil && again.records.map(\.fields) == whole.records.map(\.fields), "records survive being written")
        try checkTickets(file)
    }

    /// Every field in quotes.
    private static func write(_ records: [CSVRecord]) -> [UInt8] {
        var bytes: [UInt8] = []
        for record in records {
            for (index, field) in record.fields.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(UInt8(ascii: "\""))
                for byte in field.utf8 { bytes.append(contentsOf: byte == UInt8(ascii: "\"") ? [byte, byte] : [byte]) }
                bytes.append(UInt8(ascii: "\""))
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// What goes to the daemon is of the form that it asks for; every other row has a message that a terminal may show.
    private static func checkTickets(_ file: [UInt8]) throws(Finding) {
        guard var tickets = try? TicketFile(reader: CSVReader(source: Blocks(Pieces.single(file)).fill)) else { return }
        while let row = try? tickets.next() {
            switch row {
            case .ticket(let ticket, let line):
                try require(line >= 2 && TicketCode(ticket.ticketCode)?.text == ticket.ticketCode, "a ticket's code is one")
                try require(OrganizationID(ticket.orq) != nil, "a ticket's organization is one")
                try require(ticket.ticketID.map { TicketID($0) != nil } ?? true, "a ticket's id is one")
                try require(ticket.status.map { TicketStatus(rawValue: $0) != nil } ?? true, "a ticket's status is one")
            case .problem(let message, let line, let isLast):
                try require(line >= 2, "a row comes after the names")
                try require(PrintableText.escaped(message) == message, "a message is harmless on a terminal")
                try require(message.utf8.count <= 1024, "a message is short, whatever the field")
                if isLast { return }
            }
        }
    }
}

/// All records and the fault that ended them.
private struct Reading: Equatable {
    private(set) var records: [CSVRecord] = []
    private(set) var fault: CSVFault?

    init(_ pieces: [ArraySlice<UInt8>]) {
        var reader = CSVReader(source: Blocks(pieces).fill)
        do throws(CSVReadError) {
            while let record = try reader.next() { records.append(record) }
        } catch {
            if case .fault(let fault) = error { self.fault = fault }
        }
    }

    /// Byte by byte: `==` of strings takes different spellings of one character as equal.
    static func == (left: Self, right: Self) -> Bool {
        left.fault == right.fault && left.records.map(\.line) == right.records.map(\.line)
            && left.records.map { $0.fields.map { Array($0.utf8) } } == right.records.map { $0.fields.map { Array($0.utf8) } }
    }
}

/// A file that is read in these pieces.
private final class Blocks {
    private var pieces: ArraySlice<ArraySlice<UInt8>>

    init(_ pieces: [ArraySlice<UInt8>]) {
        self.pieces = pieces[...]
    }

    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(ControlFailure) -> Int {
        guard let piece = pieces.popFirst() else { return 0 }
        let count = min(piece.count, buffer.count)
        buffer.copyBytes(from: piece.prefix(count))
        if count < piece.count { pieces = [piece.dropFirst(count)] + pieces }
        return count
    }
}
