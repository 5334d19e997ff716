import CoreMetrics
import Synchronization

/// Where swift-metrics' counters, gauges, timers and recorders of this program are kept and read.
///
/// A handle is made once and kept by whoever counts: from then on counting is an atomic addition, without a lock, a look-up or an
/// allocation. The number of series is bounded; what would be more counts nowhere.
package final class MetricRegistry: MetricsFactory, Sendable {
    /// Most series: labels come from fixed sets, so a program has some hundreds.
    static let seriesLimit = 4096

    private struct Key: Hashable {
        var name: String
        var labels: [MetricLabel]
    }

    private struct Member {
        var labels: [MetricLabel]
        var series: any MetricSeries
        var isHiddenWhileZero: Bool
    }

    private struct State {
        var families: [String: MetricFamily] = [:]
        var members: [String: [Member]] = [:]
        var known: [Key: any MetricSeries] = [:]
        var preparations: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    package init() {}

    // MARK: handles

    package func counter(_ family: MetricFamily, _ labels: (String, String)...) -> Counter {
        declare(family)
        return Counter(label: family.name, dimensions: labels, factory: self)
    }

    package func gauge(_ family: MetricFamily, _ labels: (String, String)...) -> Gauge {
        declare(family)
        // Work before a reading holds gauges; did they hold the registry, which holds that work, it would never be let go.
        return Gauge(
            label: family.name, dimensions: labels, aggregate: false,
            handler: makeRecorder(label: family.name, dimensions: labels, aggregate: false), factory: NOOPMetricsHandler.instance)
    }

    /// A gauge that is counted up and down.
    package func meter(_ family: MetricFamily, _ labels: (String, String)...) -> Meter {
        declare(family)
        return Meter(label: family.name, dimensions: labels, factory: self)
    }

    /// - Parameter isHiddenWhileZero: shown only once something was observed.
    package func timer(_ family: MetricFamily, _ labels: (String, String)..., isHiddenWhileZero: Bool = false) -> Timer {
        declare(family)
        let timer = Timer(label: family.name, dimensions: labels, factory: self)
        if isHiddenWhileZero { hideWhileZero(family.name, Self.labels(labels)) }
        return timer
    }

    package func recorder(_ family: MetricFamily, _ labels: (String, String)...) -> Recorder {
        declare(family)
        return Recorder(label: family.name, dimensions: labels, factory: self)
    }

    /// A counter whose value is read elsewhere, before each reading.
    func measuredCounter(_ family: MetricFamily, _ labels: (String, String)...) -> AtomicGauge {
        declare(family)
        let series = AtomicGauge()
        state.withLock { state in
            state.members[family.name, default: []].append(
                Member(labels: Self.labels(labels), series: series, isHiddenWhileZero: false))
        }
        return series
    }

    /// A counter that follows from others, read before each reading.
    package func measuredCounter(_ family: MetricFamily, _ value: @escaping @Sendable () -> Int) {
        let series = measuredCounter(family)
        beforeReading { series.record(Double(value())) }
    }

    /// See ``CounterTable``.
    package func table(
        _ family: MetricFamily, _ names: (String, String), rows: [String], columns: [String],
        showsAlways: @escaping @Sendable (_ row: Int, _ column: Int) -> Bool = { _, _ in false }
    ) -> CounterTable {
        declare(family)
        let table = CounterTable(names: names, rows: rows, columns: columns, showsAlways: showsAlways)
        state.withLock { state in
            state.members[family.name, default: []].append(Member(labels: [], series: table, isHiddenWhileZero: false))
        }
        return table
    }

    /// Has something done before each reading: for gauges that are measured rather than kept.
    package func beforeReading(_ work: @escaping @Sendable () -> Void) {
        state.withLock { $0.preparations.append(work) }
    }

    private func declare(_ family: MetricFamily) {
        state.withLock { $0.families[family.name] = $0.families[family.name] ?? family }
    }

    private func hideWhileZero(_ name: String, _ labels: [MetricLabel]) {
        state.withLock { state in
            guard let index = state.members[name]?.firstIndex(where: { $0.labels == labels }) else { return }
            state.members[name]?[index].isHiddenWhileZero = true
        }
    }

    // MARK: reading

    /// Everything as it stands now, families by name and series in the order in which they were made.
    package func read() -> Exposition {
        for work in state.withLock({ $0.preparations }) { work() }
        let (families, members) = state.withLock { ($0.families, $0.members) }
        return Exposition(
            families: families.values.sorted { $0.name < $1.name }.compactMap { family in
                var samples: [MetricSample] = []
                for member in members[family.name] ?? [] {
                    let count = samples.count
                    member.series.append(member.labels, to: &samples)
                    if member.isHiddenWhileZero, samples.last?.value == 0 { samples.removeLast(samples.count - count) }
                }
                guard !samples.isEmpty else { return nil }
                return ExposedFamily(name: family.name, help: family.help, kind: family.kind.word, samples: samples)
            })
    }

    // MARK: MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { _ in AtomicCounter() } ?? NOOPMetricsHandler.instance
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else {
            return series(label, dimensions, .gauge) { _ in AtomicGauge() } ?? NOOPMetricsHandler.instance
        }
        return histogram(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { _ in AtomicGauge() } ?? NOOPMetricsHandler.instance
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    // Whoever holds a handle holds it for good: what was counted is read until the process ends.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> AtomicHistogram? {
        series(label, dimensions, .histogram(.latency)) { kind in
            guard case .histogram(let buckets) = kind else { return nil }
            return AtomicHistogram(buckets)
        }
    }

    /// The series of that name and those labels, made when it is not there.
    ///
    /// - Parameter kind: of a metric that was not declared, as another package's.
    /// - Returns: nil where there are too many, or where the name belongs to a metric of another kind.
    private func series<Series: MetricSeries>(
        _ label: String, _ dimensions: [(String, String)], _ kind: MetricFamily.Kind, make: (MetricFamily.Kind) -> Series?
    ) -> Series? {
        let name = MetricText.name(label)
        let labels = Self.labels(dimensions)
        return state.withLock { state in
            let key = Key(name: name, labels: labels)
            if let known = state.known[key] { return known as? Series }
            let family = state.families[name] ?? Self.undeclared(name, kind)
            guard state.known.count < Self.seriesLimit, family.kind.word == kind.word, let series = make(family.kind) else { return nil }
            state.families[name] = family
            state.known[key] = series
            state.members[name, default: []].append(Member(labels: labels, series: series, isHiddenWhileZero: false))
            return series
        }
    }

    private static func undeclared(_ name: String, _ kind: MetricFamily.Kind) -> MetricFamily {
        let help = "Counted by a library of this program."
        return switch kind {
        case .counter: .counter(name, help)
        case .gauge: .gauge(name, help)
        case .histogram(let buckets): .histogram(name, help, buckets)
        }
    }

    private static func labels(_ dimensions: [(String, String)]) -> [MetricLabel] {
        dimensions.map { MetricLabel(MetricText.labelName($0.0), $0.1) }
    }
}
