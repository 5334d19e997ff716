import NIOCore
import ReservationWire

/// How a list is printed.
enum ListFormat: Hashable {
    case table, json, csv
}

/// One column of a list.
struct ListColumn<Row> {
    /// In CSV: the registry's name.
    let name: String
    /// In a table; nil where it is left out.
    let heading: TextTable.Column?
    let text: (Row) -> String

    init(_ name: String, _ heading: TextTable.Column? = nil, _ text: @escaping (Row) -> String) {
        self.name = name
        self.heading = heading
        self.text = text
    }
}

/// Prints a list while it is read, a page at a time.
struct ListWriter<Row: WireMessage> {
    private let format: ListFormat
    /// Of the array, in JSON.
    private let field: FieldTag
    private let columns: [ListColumn<Row>]
    private let output: any ControlOutput
    private var widths: [Int]?
    private var isEmpty = true
    private(set) var count = 0

    init(_ format: ListFormat, _ field: FieldTag, _ columns: [ListColumn<Row>], to output: any ControlOutput) {
        self.format = format
        self.field = field
        self.columns = columns
        self.output = output
    }

    mutating func add(_ rows: [Row]) throws(ControlFailure) {
        guard !rows.isEmpty else { return }
        count += rows.count
        switch format {
        case .table: try output.write(ByteBuffer(string: table(rows)))
        case .csv: try output.write(ByteBuffer(string: beginning() + rows.map(line).joined()))
        case .json:
            var buffer = ByteBuffer()
            for row in rows {
                buffer.writeString(beginning(or: ","))
                Payload.encode(row, as: .json, into: &buffer)
            }
            try output.write(PrintableText.escapedJSON(buffer))
        }
    }

    /// - Parameter more: whether there may be more than was asked for.
    mutating func end(more: Bool) throws(ControlFailure) {
        switch format {
        case .table: if isEmpty { try output.write(ByteBuffer(string: table([]))) }
        case .csv: try output.write(ByteBuffer(string: beginning()))
        case .json:
            try output.write(ByteBuffer(string: "\(beginning())],\"\(FieldTag.more.name)\":\(more)}\n"))
        }
    }

    /// What stands before the first row.
    private mutating func beginning(or separator: String = "") -> String {
        guard isEmpty else { return separator }
        isEmpty = false
        switch format {
        case .table: return ""
        case .csv: return CSVWriter.line(columns.map(\.name))
        case .json: return "{\"\(field.name)\":["
        }
    }

    private func line(_ row: Row) -> String { CSVWriter.line(columns.map { $0.text(row) }) }

    /// Each page is a block, at least as wide as the one before.
    private mutating func table(_ rows: [Row]) -> String {
        let shown = columns.compactMap { column in column.heading.map { ($0, column.text) } }
        var table = TextTable(shown.map(\.0))
        for row in rows { table.add(shown.map { $0.1(row) }) }
        let text = table.text(withHeadings: isEmpty, widths: &widths)
        isEmpty = false
        return text
    }
}
