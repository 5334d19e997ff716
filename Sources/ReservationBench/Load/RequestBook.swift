import NIOCore

/// All requests of a run in one piece of memory, encoded before the clock starts.
struct RequestBook: Sendable {
    private(set) var bytes = ByteBuffer()
    /// Where each begins, and where the last ends.
    private(set) var bounds: [Int] = [0]

    var count: Int { bounds.count - 1 }

    /// Appends one request.
    ///
    /// - Parameter write: appends its bytes. A request's number is the count before it.
    mutating func append(_ write: (inout ByteBuffer) -> Void) {
        write(&bytes)
        bounds.append(bytes.writerIndex)
    }
}
