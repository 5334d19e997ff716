import ReservationCore
import ReservationWire

/// A CSV file of tickets: a row of column names, then one ticket a row.
struct TicketFile {
    /// What the first row may name; the last three may be missing.
    enum Column: String, CaseIterable {
        case ticketCode = "ticket_code"
        case orq
        case productID = "product_id"
        case orderID = "order_id"
        case status
        case ticketID = "ticket_id"
        case validUntil = "valid_until"

        var isRequired: Bool { self != .status && self != .ticketID && self != .validUntil }
    }

    /// One row of tickets, or what is wrong with it.
    enum Row {
        case ticket(ImportRow, line: Int)
        /// - Parameter isLast: nothing after it can be read.
        case problem(String, line: Int, isLast: Bool)
    }

    private var reader: CSVReader
    /// Where each column stands.
    private let positions: [Column: Int]
    private let columnCount: Int

    /// Reads the row of names.
    ///
    /// - Throws: when it is missing or names something else.
    init(reader: CSVReader) throws(ControlFailure) {
        self.reader = reader
        let header: CSVRecord?
        do throws(CSVReadError) {
            header = try self.reader.next()
        } catch {
            throw error.failure
        }
        let wanted = Column.allCases.filter(\.isRequired).map(\.rawValue).joined(separator: ",") + "[,status][,ticket_id][,valid_until]"
        guard let header else { throw ControlFailure(.badData, "the file is empty: its first row must be \(wanted)") }
        var positions: [Column: Int] = [:]
        for (index, name) in header.fields.enumerated() {
            guard let column = Column(rawValue: name) else {
                throw ControlFailure(
                    .badData, "line \(header.line): unknown column “\(PrintableText.excerpt(name))”: the columns are \(wanted)")
            }
            guard positions.updateValue(index, forKey: column) == nil else {
                throw ControlFailure(.badData, "line \(header.line): the column \(name) is there twice: remove one")
            }
        }
        let missing = Column.allCases.filter { $0.isRequired && positions[$0] == nil }.map(\.rawValue)
        guard missing.isEmpty else {
            throw ControlFailure(
                .badData, "line \(header.line): no column \(missing.joined(separator: ", ")): the columns are \(wanted)")
        }
        self.positions = positions
        self.columnCount = header.fields.count
    }

    /// - Returns: nil at the end.
    /// - Throws: when the file cannot be read; what is wrong with its content comes as a row.
    mutating func next() throws(ControlFailure) -> Row? {
        let record: CSVRecord?
        do throws(CSVReadError) {
            record = try reader.next()
        } catch {
            switch error {
            case .fault(let fault): return .problem(fault.message, line: fault.line, isLast: true)
            case .source(let failure): throw failure
            }
        }
        guard let record else { return nil }
        guard record.fields.count == columnCount else {
            return .problem("\(record.fields.count) fields instead of \(columnCount)", line: record.line, isLast: false)
        }
        do throws(RowProblem) {
            return .ticket(
                ImportRow(
                    orq: try required(.orq, .id, in: record),
                    ticketID: try optional(.ticketID, .id, in: record),
                    ticketCode: try required(.ticketCode, .ticketCode, in: record),
                    productID: try required(.productID, .foreignID, in: record),
                    orderID: try required(.orderID, .foreignID, in: record),
                    status: try optional(.status, .newTicketStatus, in: record),
                    validUntil: try optional(.validUntil, .date, in: record)),
                line: record.line)
        } catch {
            return .problem(error.message, line: record.line, isLast: false)
        }
    }

    private struct RowProblem: Error {
        let message: String
    }

    private func required<Value>(_ column: Column, _ kind: ValueKind<Value>, in record: CSVRecord) throws(RowProblem) -> Value {
        guard let value = try optional(column, kind, in: record) else { throw RowProblem(message: "\(column.rawValue) is empty") }
        return value
    }

    /// An empty field counts as absent.
    private func optional<Value>(_ column: Column, _ kind: ValueKind<Value>, in record: CSVRecord) throws(RowProblem) -> Value? {
        guard let position = positions[column], !record.fields[position].isEmpty else { return nil }
        let text = record.fields[position]
        guard let value = kind.parse(text) else {
            throw RowProblem(message: "\(column.rawValue) is “\(PrintableText.excerpt(text))”: it must be \(kind.expected)")
        }
        return value
    }
}

extension CSVReadError {
    fileprivate var failure: ControlFailure {
        switch self {
        case .fault(let fault): ControlFailure(.badData, "line \(fault.line): \(fault.message)")
        case .source(let failure): failure
        }
    }
}
