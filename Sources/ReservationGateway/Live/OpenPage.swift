import NIOCore

/// A page that listens: its connection, whose answer has begun and goes on until the page is closed.
///
/// Lives on its event loop.
final class OpenPage {
    /// How a page's connection is written to.
    protocol Line: AnyObject {
        /// Whether what was written before has been taken, all but a little.
        var isClear: Bool { get }
        func send(_ event: ByteBuffer)
    }

    private let line: any Line
    private let ended: EventLoopPromise<Void>
    /// The answer's head is out.
    private var isReady = false
    /// Something could not be told.
    private var hasMissed = false
    private var hasEnded = false

    init(_ line: any Line, ended: EventLoopPromise<Void>) {
        self.line = line
        self.ended = ended
    }

    /// Changes since the page was added are made good.
    func begin() {
        isReady = true
        line.send(ServerSentEvents.retry)
        if hasMissed { tell(ServerSentEvents.refresh) }
    }

    /// One who does not read hears later that there was something, and not every piece of it.
    func tell(_ event: ByteBuffer) {
        guard !hasEnded else { return }
        guard isReady, line.isClear else {
            hasMissed = true
            return
        }
        line.send(hasMissed ? ServerSentEvents.refresh : event)
        hasMissed = false
    }

    func end() {
        guard !hasEnded else { return }
        hasEnded = true
        ended.succeed()
    }
}
