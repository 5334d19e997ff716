/// Finds answers in what a connection receives, looking at their headers alone.
protocol AnswerScanner {
    /// How many requests may wait for their answer on one connection.
    static var requestsPerConnection: Int { get }

    /// - Parameters:
    ///   - bytes: what came, after what an earlier call left.
    ///   - answers: whole answers are appended.
    /// - Returns: how many bytes were used; the rest, a part of a header, is handed in again.
    /// - Throws: when it is not an answer.
    mutating func scan(_ bytes: UnsafeRawBufferPointer, into answers: inout [Answer]) throws(BenchFailure) -> Int
}

/// The end of one request.
struct Answer {
    /// The request's number in its ``RequestBook``; nil when answers come in the order of the requests.
    var request: Int?
    /// 0 for what was asked, else the protocol's status: of RSV/1 or of HTTP.
    var refusal: UInt16
}
