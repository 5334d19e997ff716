/// What can be read of one metric.
protocol MetricSeries: Sendable {
    /// Adds what stands there now.
    func append(_ labels: [MetricLabel], to samples: inout [MetricSample])
}
