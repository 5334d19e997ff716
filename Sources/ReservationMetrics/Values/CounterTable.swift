/// Counters of every pair of two small sets of label values, in one piece of memory: to count is one atomic addition at a computed place.
///
/// Most pairs never occur. Those that have not are shown only where the table is told to.
package final class CounterTable: MetricSeries {
    private let names: (String, String)
    private let rows: [String]
    private let columns: [String]
    private let showsAlways: @Sendable (_ row: Int, _ column: Int) -> Bool
    private let cells: AtomicCells

    /// - Parameters:
    ///   - names: of the two labels.
    ///   - showsAlways: also while zero, so that the first increase is seen as one.
    init(
        names: (String, String), rows: [String], columns: [String],
        showsAlways: @escaping @Sendable (_ row: Int, _ column: Int) -> Bool
    ) {
        self.names = names
        self.rows = rows
        self.columns = columns
        self.showsAlways = showsAlways
        cells = AtomicCells(count: max(1, rows.count * columns.count))
    }

    @inline(__always)
    package func increment(_ row: Int, _ column: Int) {
        cells.add(1, at: row * columns.count + column)
    }

    /// The sum of a column.
    package func total(ofColumn column: Int) -> Int {
        rows.indices.reduce(0) { $0 + Int(cells.load($1 * columns.count + column)) }
    }

    package func value(_ row: Int, _ column: Int) -> Int { Int(cells.load(row * columns.count + column)) }

    func append(_ labels: [MetricLabel], to samples: inout [MetricSample]) {
        for row in rows.indices {
            for column in columns.indices {
                let value = cells.load(row * columns.count + column)
                guard value > 0 || showsAlways(row, column) else { continue }
                samples.append(
                    MetricSample(
                        labels: labels + [MetricLabel(names.0, rows[row]), MetricLabel(names.1, columns[column])], value: Double(value)))
            }
        }
    }
}
