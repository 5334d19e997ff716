/// Takes an exposition line by line.
struct ExpositionReader {
    private let bounds: Exposition.Bounds
    private(set) var families: [ExposedFamily] = []
    private var names: Set<String> = []
    private var series: Set<SeriesKey> = []
    /// Of a HELP line whose TYPE must follow.
    private var announced: (name: String, help: String)?

    init(bounds: Exposition.Bounds) {
        self.bounds = bounds
    }

    mutating func take(_ line: Substring) throws(LineProblem) {
        guard line.utf8.count <= bounds.lineBytes else { throw LineProblem("longer than \(bounds.lineBytes) bytes") }
        guard line.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw LineProblem("has control characters") }
        if line.hasPrefix("# HELP ") {
            try takeHelp(line.dropFirst(7))
        } else if line.hasPrefix("# TYPE ") {
            try takeType(line.dropFirst(7))
        } else {
            guard announced == nil else { throw LineProblem("a TYPE line must follow its HELP line") }
            try takeSample(line)
        }
    }

    private mutating func takeHelp(_ rest: Substring) throws(LineProblem) {
        let parts = rest.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard announced == nil, parts.count == 2, MetricText.isName(parts[0]) else { throw LineProblem("not a HELP line") }
        guard names.insert(String(parts[0])).inserted else { throw LineProblem("a family stands here a second time") }
        announced = (String(parts[0]), try LabelReader.unescaped(parts[1], quote: false))
    }

    private mutating func takeType(_ rest: Substring) throws(LineProblem) {
        let parts = rest.split(separator: " ", omittingEmptySubsequences: false)
        guard let family = announced, parts.count == 2, parts[0] == family.name else {
            throw LineProblem("a TYPE line must follow its HELP line")
        }
        guard ["counter", "gauge", "histogram"].contains(parts[1]) else { throw LineProblem("not one of the types that are taken") }
        announced = nil
        families.append(ExposedFamily(name: family.name, help: family.help, kind: String(parts[1])))
    }

    private mutating func takeSample(_ line: Substring) throws(LineProblem) {
        guard let family = families.last else { throw LineProblem("a sample before any TYPE line") }
        guard series.count < bounds.samples else { throw LineProblem("more than \(bounds.samples) samples") }
        let name = line.prefix { $0 != "{" && $0 != " " }
        guard let part = Self.part(name, of: family) else { throw LineProblem("a sample of another family") }
        var labels = LabelReader(line[name.endIndex...])
        var sample = MetricSample(part: part, labels: try labels.read(atMost: bounds.labels), value: 0)
        guard (sample["le"] != nil) == (part == .bucket) else { throw LineProblem("the label le is for buckets") }
        sample.value = try Self.value(labels.rest)
        guard series.insert(SeriesKey(family.name, sample)).inserted else { throw LineProblem("a sample stands here a second time") }
        families[families.count - 1].samples.append(sample)
    }

    private static func part(_ name: Substring, of family: ExposedFamily) -> MetricSample.Part? {
        guard name.hasPrefix(family.name), let part = MetricSample.Part(rawValue: String(name.dropFirst(family.name.count))) else {
            return nil
        }
        return (part == .value) == (family.kind != "histogram") ? part : nil
    }

    private static func value(_ rest: Substring) throws(LineProblem) -> Double {
        guard rest.first == " ", rest.utf8.count <= 32,
            rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }),
            let value = Double(rest.dropFirst()), value.isFinite
        else { throw LineProblem("not a finite number behind the labels") }
        return value
    }
}
