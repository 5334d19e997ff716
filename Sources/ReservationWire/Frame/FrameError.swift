/// Why a stream of bytes can no longer be read as frames. The connection ends with it.
package enum FrameError: Error, Hashable {
    /// The first byte of a frame is not 0, so the peer does not speak RSV (HTTP, for instance); it is closed at once without an answer.
    case notRSV
    /// A rule is broken; the peer is told the status before the connection is closed. The text is ours, none of the peer's bytes.
    case violation(Status, String)
}
