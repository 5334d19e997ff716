/// When requests are sent.
enum Pace: Sendable {
    /// So many wait for their answer at any time; each answer lets the next go.
    case inFlight(Int)
    /// At fixed moments, so many a second, whether or not the answers keep up. Latency counts from the moment a request was due, so that
    /// one late answer also counts for all the requests that waited behind it (coordinated omission).
    case perSecond(Double)
}
