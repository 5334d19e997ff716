import NIOCore
import ReservationWire

/// One run with what the daemon says about it.
struct Measurement: Sendable {
    let name: String
    let result: LoadResult
    /// Group commits of the daemon meanwhile, and the microseconds it spent in them; nil for others than the daemon.
    var commits: (count: UInt64, microseconds: UInt64)?
    /// What the process at the other end of the socket spent, in nanoseconds, and the most memory it ever had.
    var peer: (processorNanoseconds: Int64, peakKibibytes: Int)?

    /// One JSON object; times are whole numbers in the unit that their name ends with.
    var json: String {
        let latencies = Latencies(result.latencies)
        var json = JSONWriter()
        json.beginObject()
        json.key("name")
        json.string(name)
        json.member("answered", result.answered)
        json.member("accepted", result.accepted)
        json.key("refused")
        json.beginObject()
        for (status, count) in result.refusals.sorted(by: { $0.key < $1.key }) { json.member("\(status)", count) }
        json.endObject()
        json.member("elapsed_ns", Int(result.nanoseconds))
        json.member("per_second", Int(result.perSecond.rounded()))
        json.key("latency_ns")
        json.beginObject()
        json.member("p50", Int(latencies.p50 * 1000))
        json.member("p95", Int(latencies.p95 * 1000))
        json.member("p99", Int(latencies.p99 * 1000))
        json.member("p999", Int(latencies.p999 * 1000))
        json.member("max", Int(latencies.max * 1000))
        json.endObject()
        json.member("own_cpu_ns", Int(result.processorNanoseconds))
        if let commits {
            json.member("commits", Int(commits.count))
            json.member("commit_us", Int(commits.microseconds))
        }
        if let peer {
            json.member("peer_cpu_ns", Int(peer.processorNanoseconds))
            json.member("peer_peak_kib", peer.peakKibibytes)
        }
        json.endObject()
        return String(buffer: json.buffer)
    }

    /// For people.
    var text: String {
        let latencies = Latencies(result.latencies)
        var lines = [
            "\(name): \(Int(result.perSecond.rounded())) a second (\(result.answered) in \(result.seconds.rounded(to: 2)) s"
                + (result.accepted == result.answered ? ")" : ", \(result.answered - result.accepted) refused: \(result.refusals))"),
            "    P50 \(Self.ms(latencies.p50)) P95 \(Self.ms(latencies.p95)) P99 \(Self.ms(latencies.p99)) "
                + "P99.9 \(Self.ms(latencies.p999)) max \(Self.ms(latencies.max)) ms",
        ]
        var spent = "    processor a request: \(perRequest(result.processorNanoseconds)) us here"
        if let peer { spent += ", \(perRequest(peer.processorNanoseconds)) us there; peak memory there \(peer.peakKibibytes >> 10) MiB" }
        lines.append(spent)
        if let commits, commits.count > 0 {
            let each = Double(commits.microseconds) / Double(commits.count) / 1000
            lines.append(
                "    \((Double(result.accepted) / Double(commits.count)).rounded(to: 1)) requests a commit, \(each.rounded(to: 3)) ms a commit, "
                    + "\((Double(commits.microseconds) / 1e6).rounded(to: 2)) s in \(commits.count) commits")
        }
        return lines.joined(separator: "\n")
    }

    private static func ms(_ microseconds: Double) -> String { "\((microseconds / 1000).rounded(to: 3))" }

    private func perRequest(_ nanoseconds: Int64) -> Double {
        (Double(nanoseconds) / 1000 / Double(max(1, result.answered))).rounded(to: 2)
    }
}

extension Double {
    /// - Parameter digits: after the point.
    func rounded(to digits: Int) -> Double {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        return (self * scale).rounded() / scale
    }
}

extension JSONWriter {
    mutating func member(_ name: String, _ value: Int) {
        key(name)
        integer(value)
    }
}
