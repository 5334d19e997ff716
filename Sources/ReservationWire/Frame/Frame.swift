import NIOCore

/// A header and the payload it announces. The payload is a slice of what was received; keeping it keeps the received bytes.
package struct Frame: Hashable, Sendable {
    package var header: FrameHeader
    package var payload: ByteBuffer

    /// - Parameter header: its payload length is set to the payload's.
    package init(header: FrameHeader, payload: ByteBuffer) {
        self.header = header
        self.payload = payload
        self.header.payloadLength = UInt32(payload.readableBytes)
    }

    /// Appends header and payload.
    package func write(into buffer: inout ByteBuffer) {
        header.write(into: &buffer)
        buffer.writeImmutableBuffer(payload)
    }
}
