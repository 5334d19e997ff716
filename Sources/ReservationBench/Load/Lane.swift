import NIOCore

/// One connection of a run: what of the book it still has to write, and what it has received of an answer.
final class Lane<Scanner: AnswerScanner> {
    let socket: StreamSocket
    private let book: RequestBook
    private var scanner: Scanner
    /// Parts of the book, as bytes, in the order in which they are written.
    private var unwritten: [Range<Int>] = []
    /// Where requests lie that wait for their answer, for protocols that answer in order.
    private var waiting: Range<Int> = 0..<0
    private(set) var inFlight = 0
    /// The received part of a header, to be looked at again with what follows.
    private var leftover: [UInt8] = []

    init(socket: consuming StreamSocket, book: RequestBook, scanner: Scanner) {
        self.socket = socket
        self.book = book
        self.scanner = scanner
    }

    var hasUnwritten: Bool { !unwritten.isEmpty }

    /// Takes on the next requests of the book and writes what the socket accepts.
    func send(_ requests: Range<Int>) throws(BenchFailure) {
        inFlight += requests.count
        waiting = waiting.isEmpty ? requests : waiting.lowerBound..<requests.upperBound
        unwritten.append(book.bounds[requests.lowerBound]..<book.bounds[requests.upperBound])
        if unwritten.count == 1 { try write() }
    }

    /// Writes until the socket takes no more.
    func write() throws(BenchFailure) {
        while let part = unwritten.first {
            let progress = try book.bytes.withUnsafeReadableBytes { bytes in
                Result { () throws(BenchFailure) in try socket.write(UnsafeRawBufferPointer(rebasing: bytes[part])) }
            }.get()
            switch progress {
            case .bytes(part.count): unwritten.removeFirst()
            case .bytes(let count): unwritten[0] = part.lowerBound + count..<part.upperBound
            case .mustWait: return
            case .ended: throw BenchFailure("The other side closed a connection while it was written to")
            }
        }
    }

    /// Reads once.
    ///
    /// - Parameters:
    ///   - room: memory to receive into, shared by all lanes.
    ///   - answers: what was answered is appended.
    /// - Returns: whether there may be more.
    func read(using room: UnsafeMutableRawBufferPointer, into answers: inout [Answer]) throws(BenchFailure) -> Bool {
        let kept = leftover.count
        room.copyBytes(from: leftover)
        switch try socket.read(into: UnsafeMutableRawBufferPointer(rebasing: room[kept...])) {
        case .mustWait:
            return false
        case .ended:
            throw BenchFailure("The other side closed a connection with \(inFlight) requests unanswered")
        case .bytes(let count):
            let before = answers.count
            let received = UnsafeRawBufferPointer(rebasing: room[..<(kept + count)])
            let used = try scanner.scan(received, into: &answers)
            if used < received.count || kept > 0 { leftover = Array(received[used...]) }
            try settle(&answers, from: before)
            return kept + count == room.count
        }
    }

    private func settle(_ answers: inout [Answer], from start: Int) throws(BenchFailure) {
        for index in start..<answers.count {
            guard inFlight > 0 else { throw BenchFailure("There came more answers than there were requests") }
            inFlight -= 1
            guard answers[index].request == nil else { continue }
            answers[index].request = waiting.lowerBound
            waiting = waiting.dropFirst()
        }
    }
}
