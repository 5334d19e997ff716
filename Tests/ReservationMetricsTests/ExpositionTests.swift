import Testing

@testable import ReservationMetrics

@Suite("reading and merging expositions")
struct ExpositionTests {
    private static let bounds = Exposition.Bounds(bytes: 10_000, lineBytes: 200, samples: 20, labels: 3)
    private static let head = "# HELP a A.\n# TYPE a gauge\n"

    @Test(
        "what is written is read again as it was",
        arguments: [
            "", "# HELP a A.\n# TYPE a gauge\na 1\n", "# HELP a x\\\\y\\n\n# TYPE a counter\na{l=\"1\\\"2\\\\3\\n\",m=\"\"} 0.5\n",
            "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"0.1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_sum 0.25\nh_count 2\n",
        ])
    func roundTrip(text: String) throws {
        #expect(try Exposition(parsing: text, within: Self.bounds).text == text)
    }

    @Test(
        "everything else is refused",
        arguments: [
            "a 1\n", head + "a 1", head + "b 1\n", head + "a 1\na 2\n", head + "a{x=\"1\",y=\"2\"} 1\na{y=\"2\",x=\"1\"} 1\n", head + head,
            head + "a 1 1700000000\n", head + "a NaN\n", head + "a +Inf\n", head + "a 0x10\n", head + "a{x=\"1\"1\n", head + "a{x=\"1} 1\n",
            head + "a{x=\"\\t\"} 1\n", head + "a{x=\"\t\"} 1\n", head + "a{1x=\"\"} 1\n", head + "a{x=\"\",x=\"\"} 1\n", head + "a{} 1\n",
            head + "a_bucket{le=\"1\"} 1\n", head + "a{le=\"1\"} 1\n", head + "a{w=\"\",x=\"\",y=\"\",z=\"\"} 1\n", head + "\n",
            "# HELP a A.\na 1\n", "# HELP a A.\n# TYPE b gauge\n", "# HELP a A.\n# TYPE a summary\n", "# HELP a A.\n# HELP b B.\n",
            "# TYPE a gauge\n", "# HELP 1a A.\n# TYPE 1a gauge\n", "# a comment\n", head + "a 1\r\n",
            head + "a{x=\"" + String(repeating: "y", count: 200) + "\"} 1\n", "# HELP h H.\n# TYPE h histogram\nh 1\n",
            "# HELP h H.\n# TYPE h histogram\nh_bucket 1\n",
            head + (0...20).map { "a{x=\"\($0)\"} 1\n" }.joined(), String(repeating: "x", count: 10_001),
        ])
    func refused(text: String) {
        #expect(throws: ExpositionError.self) { try Exposition(parsing: text, within: Self.bounds) }
    }

    @Test("families of several programs become one each, and of two that say the same the first stands")
    func merging() throws {
        let one = try Exposition(parsing: "# HELP p P.\n# TYPE p gauge\np{program=\"x\"} 1\n", within: Self.bounds)
        let two = try Exposition(
            parsing: "# HELP o O.\n# TYPE o gauge\no 3\n# HELP p Q.\n# TYPE p gauge\np{program=\"y\"} 2\np{program=\"x\"} 9\n",
            within: Self.bounds)
        let odd = try Exposition(parsing: "# HELP p P.\n# TYPE p counter\np{program=\"z\"} 1\n", within: Self.bounds)
        #expect(
            Exposition.merging([one, two, odd]).text
                == "# HELP o O.\n# TYPE o gauge\no 3\n# HELP p P.\n# TYPE p gauge\np{program=\"x\"} 1\np{program=\"y\"} 2\n")
    }

    @Test("quantiles are estimated as Prometheus does")
    func quantiles() {
        let registry = MetricRegistry()
        let timer = registry.timer(.histogram("h", "H.", .seconds([1, 2, 4])))
        let empty = Distribution(registry.read()["h"])
        #expect(empty.quantile(0.5) == nil)
        for _ in 0..<50 { timer.recordNanoseconds(500_000_000) }
        for _ in 0..<50 { timer.recordNanoseconds(3_000_000_000) }
        let distribution = Distribution(registry.read()["h"])
        #expect(distribution.count == 100)
        #expect(distribution.parts.map(\.count) == [50, 0, 50, 0])
        #expect(distribution.quantile(0.25) == 0.5)
        #expect(distribution.quantile(0.75) == 3)
        for _ in 0..<100 { timer.recordNanoseconds(9_000_000_000) }
        #expect(Distribution(registry.read()["h"]).quantile(0.99) == 4)
    }

    @Test("a ticket's first sighting counts, and is told once")
    func sightings() {
        let sightings = FirstSightings(places: 64, longestSeconds: 100)
        sightings.note(7, at: 1000)
        sightings.note(7, at: 1030)
        #expect(sightings.take(7, at: 1050) == 50)
        #expect(sightings.take(7, at: 1060) == nil)
        #expect(sightings.take(8, at: 1060) == nil)
        sightings.note(7, at: 1000)
        #expect(sightings.take(7, at: 1101) == nil)
        sightings.note(7, at: 2000)
        #expect(sightings.take(7, at: 2001) == 1)
    }
}
