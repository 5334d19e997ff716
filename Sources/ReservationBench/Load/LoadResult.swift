/// What a run measured.
struct LoadResult: Sendable {
    let answered: Int
    /// How many were answered with each status other than success.
    let refusals: [UInt16: Int]
    /// From the first request to the last answer.
    let nanoseconds: Int64
    /// Of every answer, in nanoseconds.
    let latencies: [Int64]
    /// What this program itself spent meanwhile.
    let processorNanoseconds: Int64

    var accepted: Int { answered - refusals.values.reduce(0, +) }
    var seconds: Double { Double(nanoseconds) / 1e9 }
    var perSecond: Double { nanoseconds > 0 ? Double(answered) / seconds : 0 }
}
