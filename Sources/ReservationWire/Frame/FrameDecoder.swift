import NIOCore

/// Cuts a stream of bytes into frames, checking each header as soon as its 24 bytes are there and before its payload comes.
///
/// Payloads are slices of what was appended. Bytes are copied only for a frame that spans several reads, each byte once (buffers grow by
/// doubling), and no memory is taken on the word of a length field. Take frames with ``next()`` until nil before appending again.
package struct FrameDecoder: Sendable {
    /// Whom it listens to: each side may send only certain types, a client HELLO first.
    package enum Peer: Sendable {
        case client
        case server
    }

    /// How far a client has come, as far as it decides which types may follow.
    private enum Stage {
        case opening
        case open
        /// It has sent GOAWAY.
        case finishing
    }

    private let peer: Peer
    /// Received and not yet looked at.
    private var input = ByteBuffer()
    /// The beginning of one frame that has not come whole; holds that frame's bytes and no other's.
    private var partial = ByteBuffer()
    /// The checked header of the frame in `partial`.
    private var partialHeader: FrameHeader?
    /// Bytes of a skipped frame that are still to come.
    private var bytesToSkip = 0
    private var stage = Stage.opening
    private var failure: FrameError?

    /// How many frames have come whole, skipped ones included: while it does not change and ``holdsPartialFrame`` is true, it is the same
    /// frame that is being waited for.
    package private(set) var completedFrameCount: UInt64 = 0

    /// - Parameter peer: whom it listens to.
    package init(receiving peer: Peer) {
        self.peer = peer
    }

    /// Whether a frame has begun to arrive and is not whole.
    package var holdsPartialFrame: Bool { bytesToSkip > 0 || partial.readableBytes > 0 || input.readableBytes > 0 }

    /// Hands in what was received.
    package mutating func append(_ bytes: ByteBuffer) {
        if input.readableBytes == 0 {
            input = bytes
        } else {
            input.writeImmutableBuffer(bytes)
        }
    }

    /// The next whole frame.
    ///
    /// - Returns: nil when more bytes are needed.
    /// - Throws: what is wrong with the stream; the same again on every later call.
    package mutating func next() throws(FrameError) -> Frame? {
        if let failure { throw failure }
        do {
            return try decodeNext()
        } catch {
            failure = error
            throw error
        }
    }

    private mutating func decodeNext() throws(FrameError) -> Frame? {
        while true {
            guard skipIgnored() else { return nil }
            if partial.readableBytes > 0 {
                if partialHeader == nil, try !completePartialHeader() { return nil }
                guard let header = partialHeader else { continue }
                return completePartialFrame(header)
            }
            guard let first = input.getInteger(at: input.readerIndex, as: UInt8.self) else {
                // Nothing is left to read; do not keep the buffer it was in.
                input = ByteBuffer()
                return nil
            }
            guard first == 0 else { throw .notRSV }
            let start = input.readerIndex
            guard let raw = RawHeader(readingFrom: &input) else {
                setAside(from: start)
                return nil
            }
            guard let header = try accept(raw) else { continue }
            guard let payload = input.readSlice(length: Int(header.payloadLength)) else {
                partialHeader = header
                setAside(from: start)
                return nil
            }
            completedFrameCount &+= 1
            return Frame(header: header, payload: payload)
        }
    }

    /// - Returns: the header, or nil when the frame is one to be skipped.
    private mutating func accept(_ raw: RawHeader) throws(FrameError) -> FrameHeader? {
        try raw.checkLength()
        if raw.isSkippable {
            bytesToSkip = Int(raw.payloadLength)
            if bytesToSkip == 0 { completedFrameCount &+= 1 }
            return nil
        }
        let (type, header) = try raw.checked()
        try checkTurn(of: type)
        return header
    }

    /// What this peer may send at all, and when: decided here so that no payload is gathered for a frame that will be refused.
    private mutating func checkTurn(of type: FrameType) throws(FrameError) {
        switch peer {
        case .client: try checkTurnOfClient(type)
        case .server: try checkTurnOfServer(type)
        }
    }

    private mutating func checkTurnOfClient(_ type: FrameType) throws(FrameError) {
        switch (stage, type) {
        case (.opening, .hello):
            stage = .open
        case (.opening, _):
            throw .violation(.helloExpected, "the first frame must be HELLO")
        case (.open, .goAway):
            stage = .finishing
        case (.open, .request), (_, .cancel), (_, .ping):
            return
        case (.open, _), (.finishing, _):
            throw .violation(.unexpectedFrame, "\(type.name) must not be sent by a client, or not now")
        }
    }

    private func checkTurnOfServer(_ type: FrameType) throws(FrameError) {
        switch type {
        case .helloAck, .response, .error, .pong, .goAway, .event:
            return
        case .hello, .request, .cancel, .ping:
            throw .violation(.unexpectedFrame, "\(type.name) must not be sent by a server")
        }
    }

    /// - Returns: false while a skipped frame has not passed whole.
    private mutating func skipIgnored() -> Bool {
        guard bytesToSkip > 0 else { return true }
        let passed = min(bytesToSkip, input.readableBytes)
        input.moveReaderIndex(forwardBy: passed)
        bytesToSkip -= passed
        guard bytesToSkip == 0 else {
            input = ByteBuffer()
            return false
        }
        completedFrameCount &+= 1
        return true
    }

    /// Moves the beginning of a frame out of the buffer it came in, which may be far larger and is wanted back by its owner.
    private mutating func setAside(from start: Int) {
        input.moveReaderIndex(to: start)
        partial.writeImmutableBuffer(input)
        input = ByteBuffer()
    }

    /// Moves bytes from `input` until `partial` holds `count`.
    ///
    /// - Returns: false when there are not enough.
    private mutating func fillPartial(to count: Int) -> Bool {
        let wanted = count - partial.readableBytes
        guard wanted > 0 else { return true }
        if let bytes = input.readSlice(length: min(wanted, input.readableBytes)) {
            partial.writeImmutableBuffer(bytes)
        }
        if input.readableBytes == 0 { input = ByteBuffer() }
        return partial.readableBytes == count
    }

    /// - Returns: false when fewer than 24 bytes have come; true without a header when the frame is one to be skipped.
    private mutating func completePartialHeader() throws(FrameError) -> Bool {
        guard fillPartial(to: WireLimits.headerBytes) else { return false }
        let start = partial.readerIndex
        guard let raw = RawHeader(readingFrom: &partial) else { return false }
        partial.moveReaderIndex(to: start)
        partialHeader = try accept(raw)
        if partialHeader == nil { partial = ByteBuffer() }
        return true
    }

    private mutating func completePartialFrame(_ header: FrameHeader) -> Frame? {
        guard fillPartial(to: WireLimits.headerBytes + Int(header.payloadLength)) else { return nil }
        var frame = partial
        partial = ByteBuffer()
        partialHeader = nil
        completedFrameCount &+= 1
        frame.moveReaderIndex(forwardBy: WireLimits.headerBytes)
        return Frame(header: header, payload: frame.slice())
    }
}
