import CoreMetrics
import Testing

@testable import ReservationMetrics

@Suite("what is counted, as Prometheus reads it")
struct RegistryTests {
    private static let requests = MetricFamily.counter("demo_requests_total", "Requests.")
    private static let latency = MetricFamily.histogram("demo_seconds", "Time\nand \\ space.", .seconds([0.001, 0.5, 2]))

    @Test("counters, gauges and histograms stand with HELP and TYPE, families by name and series in the order of their making")
    func text() {
        let registry = MetricRegistry()
        registry.counter(Self.requests, ("operation", "b")).increment(by: 3)
        registry.counter(Self.requests, ("operation", "a")).increment()
        registry.gauge(.gauge("demo_depth", "Depth.")).record(2.5)
        let timer = registry.timer(Self.latency)
        for nanoseconds in [1_000_000, 1_000_001, 3_000_000_000] as [Int64] { timer.recordNanoseconds(nanoseconds) }
        #expect(
            registry.read().text == """
                # HELP demo_depth Depth.
                # TYPE demo_depth gauge
                demo_depth 2.5
                # HELP demo_requests_total Requests.
                # TYPE demo_requests_total counter
                demo_requests_total{operation="b"} 3
                demo_requests_total{operation="a"} 1
                # HELP demo_seconds Time\\nand \\\\ space.
                # TYPE demo_seconds histogram
                demo_seconds_bucket{le="0.001"} 1
                demo_seconds_bucket{le="0.5"} 2
                demo_seconds_bucket{le="2"} 2
                demo_seconds_bucket{le="+Inf"} 3
                demo_seconds_sum 3.002000001
                demo_seconds_count 3

                """)
    }

    @Test("a label's value is escaped, and a name that Prometheus does not take is made one")
    func escaping() {
        let registry = MetricRegistry()
        Counter(label: "a.b-c", dimensions: [("x.y", "1\"2\\3\n4")], factory: registry).increment()
        #expect(registry.read().text.contains(#"a_b_c{x_y="1\"2\\3\n4"} 1"#))
    }

    @Test("the same name and labels are the same counter; another kind under the same name counts nowhere")
    func sameHandle() {
        let registry = MetricRegistry()
        for _ in 1...2 { registry.counter(Self.requests, ("operation", "a")).increment() }
        Gauge(label: Self.requests.name, dimensions: [("operation", "a")], factory: registry).record(77)
        #expect(registry.read().text.hasSuffix("demo_requests_total{operation=\"a\"} 2\n"))
    }

    @Test("series are bounded, whatever labels come")
    func bounded() {
        let registry = MetricRegistry()
        for number in 0..<(MetricRegistry.seriesLimit + 100) {
            Counter(label: "wild", dimensions: [("x", "\(number)")], factory: registry).increment()
        }
        #expect(registry.read()["wild"]?.samples.count == MetricRegistry.seriesLimit)
    }

    @Test("a table shows the pairs that occurred and those that it always shows")
    func table() {
        let registry = MetricRegistry()
        let table = registry.table(Self.requests, ("operation", "status"), rows: ["a", "b"], columns: ["OK", "NO"]) { _, column in
            column == 0
        }
        table.increment(1, 1)
        let lines = registry.read().text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                #"demo_requests_total{operation="a",status="OK"} 0"#, #"demo_requests_total{operation="b",status="OK"} 0"#,
                #"demo_requests_total{operation="b",status="NO"} 1"#,
            ])
        #expect(table.total(ofColumn: 1) == 1)
    }

    @Test("a histogram that is hidden while nothing was observed appears with the first observation")
    func hidden() {
        let registry = MetricRegistry()
        let timer = registry.timer(Self.latency, ("operation", "a"), isHiddenWhileZero: true)
        #expect(registry.read().families.isEmpty)
        timer.recordNanoseconds(1)
        #expect(registry.read()["demo_seconds"]?.samples.last?.value == 1)
    }

    @Test("nothing is lost when many threads count at once")
    func concurrent() async {
        let registry = MetricRegistry()
        let counter = registry.counter(Self.requests)
        let meter = registry.meter(.gauge("demo_open", "Open."))
        await withDiscardingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        counter.increment()
                        meter.increment()
                    }
                    for _ in 0..<999 { meter.decrement() }
                }
            }
        }
        #expect(registry.read()["demo_requests_total"]?.samples.first?.value == 8000)
        #expect(registry.read()["demo_open"]?.samples.first?.value == 8)
    }

    @Test("the process's own figures are those of this process")
    func process() throws {
        let registry = MetricRegistry()
        registry.addProcess(program: "demo", version: "1")
        let read = registry.read()
        #expect(try #require(read["process_resident_memory_bytes"]?.samples.first?.value) > 1e6)
        #expect(try #require(read["process_open_fds"]?.samples.first?.value) >= 3)
        #expect(try #require(read["process_cpu_seconds_total"]?.samples.first?.value) > 0)
        #expect(try #require(read["process_start_time_seconds"]?.samples.first?.value) > 1.7e9)
        #expect(read.text.contains(#"reservation_build_info{program="demo",version="1"} 1"#))
    }
}
