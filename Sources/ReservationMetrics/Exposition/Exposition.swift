/// Metrics as Prometheus reads them (Prometheus documentation, "Exposition formats", text format 0.0.4), taken apart.
package struct Exposition: Sendable, Equatable {
    package var families: [ExposedFamily]

    package init(families: [ExposedFamily] = []) {
        self.families = families
    }

    /// For the header `Content-Type`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The family of that name.
    package subscript(name: String) -> ExposedFamily? { families.first { $0.name == name } }

    /// In the text format, each line ended.
    package var text: String {
        var text = ""
        for family in families {
            text += "# HELP \(family.name) \(MetricText.help(family.help))\n# TYPE \(family.name) \(family.kind)\n"
            for sample in family.samples {
                text += family.name
                text += sample.part.rawValue
                MetricText.append(sample.labels, to: &text)
                text += " "
                text += MetricText.number(sample.value)
                text += "\n"
            }
        }
        return text
    }

    /// All of them in one: each family once, with the series of all, families by name. Where two are in each other's way, by kind or by
    /// the same series, the earlier stands.
    package static func merging(_ parts: [Exposition]) -> Exposition {
        var merged: [String: ExposedFamily] = [:]
        var series: Set<SeriesKey> = []
        for family in parts.lazy.flatMap(\.families) {
            var known = merged[family.name] ?? ExposedFamily(name: family.name, help: family.help, kind: family.kind)
            guard known.kind == family.kind else { continue }
            for sample in family.samples where series.insert(SeriesKey(family.name, sample)).inserted { known.samples.append(sample) }
            merged[family.name] = known
        }
        return Exposition(families: merged.values.sorted { $0.name < $1.name })
    }
}

/// What tells one line of an exposition from another. Labels count as a set.
struct SeriesKey: Hashable {
    private let name: String
    private let part: MetricSample.Part
    private let labels: [MetricLabel]

    init(_ name: String, _ sample: MetricSample) {
        self.name = name
        part = sample.part
        labels = sample.labels.sorted { $0.name < $1.name }
    }
}

/// A metric with all its series.
package struct ExposedFamily: Sendable, Equatable {
    package let name: String
    package let help: String
    /// `counter`, `gauge` or `histogram`.
    package let kind: String
    package var samples: [MetricSample] = []

    package init(name: String, help: String, kind: String, samples: [MetricSample] = []) {
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }
}

/// One line.
package struct MetricSample: Sendable, Equatable {
    /// What is added to the family's name.
    package enum Part: String, Sendable {
        case value = ""
        case bucket = "_bucket"
        case sum = "_sum"
        case count = "_count"
    }

    package var part = Part.value
    package var labels: [MetricLabel] = []
    package var value: Double

    package init(part: Part = .value, labels: [MetricLabel] = [], value: Double) {
        self.part = part
        self.labels = labels
        self.value = value
    }

    /// The value of that label.
    package subscript(label: String) -> String? { labels.first { $0.name == label }?.value }
}

package struct MetricLabel: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
