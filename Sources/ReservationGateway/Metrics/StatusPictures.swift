import Glibc
import ReservationMetrics

/// The page's drawings: SVG without styles of its own, so that the page's policy need allow none; colours are the page's classes.
enum StatusPictures {
    /// Each step as wide as it is of the first.
    static func funnel(_ steps: [(name: String, count: Double)]) -> String {
        let most = max(1, steps.map(\.count).max() ?? 1)
        var rows = ""
        for (index, step) in steps.enumerated() {
            let width = 560 * step.count / most
            let y = Double(index) * 56
            let share = index == 0 ? "" : ", \(StatusText.percent(step.count, of: steps[0].count)) of the first"
            rows += """
                <rect class="c\(index)" x="\(at(280 - width / 2))" y="\(at(y + 20))" width="\(at(max(2, width)))" height="26" rx="4"/>
                <text x="280" y="\(at(y + 14))" text-anchor="middle">\(step.name): \(StatusText.number(step.count))\(share)</text>

                """
        }
        return svg("Funnel", 560, Double(steps.count) * 56, rows)
    }

    /// Reservations a minute, over the time that is remembered.
    static func rate(_ samples: [MetricsHistory.Sample]) -> String {
        let points = rates(samples)
        guard let last = points.last, points.count > 1 else { return empty("The line begins when the gateway has run for a minute.") }
        let most = niceCeiling(points.map(\.rate).max() ?? 0)
        let span = max(600, last.at - points[0].at)
        let line = points.map { point in
            "\(at(50 + 500 * (1 - (last.at - point.at) / span))),\(at(160 - 140 * point.rate / most))"
        }.joined(separator: " ")
        return svg(
            "Reservations a minute", 560, 190,
            """
            <line class="axis" x1="50" y1="160" x2="550" y2="160"/><line class="grid" x1="50" y1="20" x2="550" y2="20"/>
            <line class="grid" x1="50" y1="90" x2="550" y2="90"/>
            <text x="44" y="24" text-anchor="end">\(StatusText.significant(most))</text>
            <text x="44" y="94" text-anchor="end">\(StatusText.significant(most / 2))</text>
            <text x="44" y="164" text-anchor="end">0</text>
            <text x="50" y="180">\(StatusText.seconds(span)) ago</text><text x="550" y="180" text-anchor="end">now</text>
            <polyline class="line" points="\(line)"/>

            """)
    }

    /// Between samples about a minute apart, so that single bookings make no needles.
    private static func rates(_ samples: [MetricsHistory.Sample]) -> [(at: Double, rate: Double)] {
        var points: [(at: Double, rate: Double)] = []
        var earlier = 0
        for index in samples.indices {
            while earlier < index, samples[index].at - samples[earlier].at > 60 { earlier += 1 }
            let time = samples[index].at - samples[earlier].at
            guard time > 0 else { continue }
            points.append((samples[index].at, 60 * max(0, samples[index].reserved - samples[earlier].reserved) / time))
        }
        // As many as there are places to draw them.
        let step = max(1, points.count / 250)
        return stride(from: (points.count - 1) % step, to: points.count, by: step).map { points[$0] }
    }

    /// - Parameter shares: the largest first; what comes behind the sixth is put together.
    static func pie(_ shares: [StatusFigures.Share]) -> String {
        let whole = shares.reduce(0) { $0 + $1.count }
        guard whole > 0 else { return empty("Nothing has failed.") }
        var shown = Array(shares.prefix(6))
        let rest = shares.dropFirst(6).reduce(0) { $0 + $1.count }
        if rest > 0 { shown.append(StatusFigures.Share(name: "others", count: rest)) }
        var (parts, angle) = ("", -Double.pi / 2)
        for (index, share) in shown.enumerated() {
            let end = angle + 2 * .pi * share.count / whole
            // An arc from a point to itself would be none.
            parts += shown.count == 1 ? "<circle class=\"c0\" cx=\"95\" cy=\"95\" r=\"85\"/>\n" : slice(index, from: angle, to: end)
            angle = end
            let y = Double(index) * 26 + 24
            parts += """
                <rect class="c\(index)" x="215" y="\(at(y - 11))" width="13" height="13" rx="3"/>
                <text x="236" y="\(at(y))">\(HTMLText.escape(share.name)): \(StatusText.number(share.count)) (\(StatusText.percent(share.count, of: whole)))</text>

                """
        }
        return svg("Reasons of failures", 560, 200, parts)
    }

    private static func slice(_ index: Int, from start: Double, to end: Double) -> String {
        func point(_ angle: Double) -> String { "\(at(95 + 85 * cos(angle))) \(at(95 + 85 * sin(angle)))" }
        return "<path class=\"c\(index)\" d=\"M95 95L\(point(start))A85 85 0 \(end - start > .pi ? 1 : 0) 1 \(point(end))Z\"/>\n"
    }

    /// How many values lay between the bounds.
    static func histogram(_ distribution: Distribution, _ title: String) -> String {
        guard distribution.count > 0 else { return empty("Nothing was measured yet.") }
        let parts = distribution.parts
        let most = max(1, parts.map(\.count).max() ?? 1)
        let width = 540 / Double(parts.count)
        var bars = "<line class=\"axis\" x1=\"10\" y1=\"160\" x2=\"550\" y2=\"160\"/>\n"
        for (index, part) in parts.enumerated() {
            let height = 130 * part.count / most
            let x = 10 + Double(index) * width
            // A bar's upper bound stands below it; the last bar has none.
            let label = index == parts.count - 1 ? "more" : StatusText.seconds(part.bound).replacing(" ", with: "\u{202F}")
            bars += """
                <rect class="c0" x="\(at(x + 3))" y="\(at(160 - height))" width="\(at(width - 6))" height="\(at(height))"/>
                <text class="small" x="\(at(x + width / 2))" y="176" text-anchor="middle">\(label)</text>

                """
            if part.count > 0 {
                bars += """
                    <text class="small" x="\(at(x + width / 2))" y="\(at(154 - height))" text-anchor="middle">\(StatusText.number(part.count))</text>

                    """
            }
        }
        return svg(title, 560, 185, bars)
    }

    private static func empty(_ text: String) -> String { "<p class=\"empty\">\(text)</p>" }

    private static func svg(_ title: String, _ width: Double, _ height: Double, _ content: String) -> String {
        """
        <svg viewBox="0 0 \(at(width)) \(at(height))" role="img" aria-label="\(title)">
        \(content)</svg>
        """
    }

    /// 1, 2 or 5 times a power of ten, not below the value.
    private static func niceCeiling(_ value: Double) -> Double {
        guard value > 1 else { return 1 }
        let power = pow(10, floor(log10(value)))
        return [1, 2, 5, 10].map { $0 * power }.first { $0 >= value } ?? value
    }

    private static func at(_ value: Double) -> String { StatusText.coordinate(value) }
}
