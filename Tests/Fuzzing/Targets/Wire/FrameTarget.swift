import NIOCore
import ReservationWire

/// A stream of bytes is the same frames and the same fault at the same place however it is cut, and frames are written as they came.
enum FrameTarget: FuzzTarget {
    static let name = "frames"

    static func check(_ bytes: [UInt8]) throws {
        var input = InputCursor(bytes)
        let options = input.byte()
        let peer: FrameDecoder.Peer = options & 1 == 0 ? .client : .server
        let stream = input.rest()

        let whole = Reading(Pieces.single(stream), from: peer)
        try whole.checkAgainst(stream)
        try require(Reading(Pieces.irregular(stream, seed: options), from: peer).isSame(as: whole), "pieces are read as the whole")
        let bytewise = Reading(Pieces.bytewise(stream), from: peer)
        try require(bytewise.isSame(as: whole), "single bytes are read as the whole")
        try bytewise.checkPlaceOfFailure(stream)
    }
}

/// What a decoder made of a stream.
private struct Reading {
    private(set) var frames: [Frame] = []
    private(set) var failure: FrameError?
    private(set) var completedFrameCount: UInt64 = 0
    private(set) var holdsPartialFrame = false
    /// Bytes that had been handed in when it failed.
    private(set) var bytesBeforeFailure = 0
    private(set) var repeatsItsFailure = true

    init(_ pieces: [ArraySlice<UInt8>], from peer: FrameDecoder.Peer) {
        var decoder = FrameDecoder(receiving: peer)
        do throws(FrameError) {
            for piece in pieces {
                bytesBeforeFailure += piece.count
                decoder.append(ByteBuffer(bytes: piece))
                while let frame = try decoder.next() { frames.append(frame) }
            }
            holdsPartialFrame = decoder.holdsPartialFrame
        } catch {
            failure = error
            decoder.append(ByteBuffer(repeating: 0, count: 64))
            do throws(FrameError) {
                _ = try decoder.next()
                repeatsItsFailure = false
            } catch {
                repeatsItsFailure = error == failure
            }
        }
        completedFrameCount = decoder.completedFrameCount
    }

    func isSame(as other: Reading) -> Bool {
        frames == other.frames && failure == other.failure && completedFrameCount == other.completedFrameCount
            && holdsPartialFrame == other.holdsPartialFrame && repeatsItsFailure && other.repeatsItsFailure
    }

    /// Follows the lengths through the stream, which is all that a reader without rules would do.
    func checkAgainst(_ stream: [UInt8]) throws(Finding) {
        let outline = Outline(stream)
        let counted = outline.frames.filter { !$0.isSkipped }
        try require(frames.count <= counted.count, "no frame is made up")
        for (frame, place) in zip(frames, counted) {
            var buffer = ByteBuffer()
            frame.write(into: &buffer)
            try require(buffer.readableBytesView.elementsEqual(stream[place.range]), "a frame is written as it came")
        }
        if failure == nil {
            try require(frames.count == counted.count, "no frame is lost")
            try require(completedFrameCount == UInt64(outline.frames.count), "skipped frames are counted")
            try require(holdsPartialFrame == (outline.end < stream.count), "the beginning of a frame is noticed")
        }
    }

    /// A fault shows with the first byte when that is not 0, and else as soon as the header is there: before any payload.
    func checkPlaceOfFailure(_ stream: [UInt8]) throws(Finding) {
        guard let failure else { return }
        var begin = 0
        let outline = Outline(stream)
        if completedFrameCount > 0 { begin = outline.frames[Int(completedFrameCount) - 1].range.upperBound }
        let place = failure == .notRSV ? begin + 1 : begin + WireLimits.headerBytes
        try require(bytesBeforeFailure == place, "a fault shows as soon as it can be seen")
    }
}

/// Where frames begin and end going by their lengths alone, up to the first that is not whole.
private struct Outline {
    struct Place {
        let range: Range<Int>
        let isSkipped: Bool
    }

    private(set) var frames: [Place] = []
    private(set) var end = 0

    init(_ stream: [UInt8]) {
        while stream.count - end >= WireLimits.headerBytes {
            let length = stream[end..<end + 4].reduce(0) { $0 << 8 | Int($1) }
            let next = end + WireLimits.headerBytes + length
            guard next <= stream.count else { return }
            frames.append(Place(range: end..<next, isSkipped: stream[end + 4] >= 0x80))
            end = next
        }
    }
}
