import Hummingbird
import HummingbirdCore
import NIOCore

/// An answer that goes on until the page is closed.
enum EventStream {
    /// Returns when the browser, or the gateway, has ended it.
    static func serve(_ seat: EventSeat, head: HTTPResponse, _ writer: consuming ResponseWriter, on channel: any Channel) async throws {
        // Before the head: whatever is committed after the browser has heard that it listens is told.
        let page = try await join(seat, channel)
        let body = try await writer.writeHead(head)
        try await channel.eventLoop.submit { page.value.begin() }.get()
        try await page.ended.get()
        try await body.finish(nil)
    }

    private struct JoinedPage: Sendable {
        private let page: NIOLoopBound<OpenPage>
        let ended: EventLoopFuture<Void>

        init(_ page: OpenPage, ended: EventLoopFuture<Void>) {
            self.page = NIOLoopBound(page, eventLoop: ended.eventLoop)
            self.ended = ended
        }

        /// To be called on the connection's loop.
        var value: OpenPage { page.value }
    }

    private static func join(_ seat: EventSeat, _ channel: any Channel) async throws -> JoinedPage {
        let loop = channel.eventLoop
        return try await loop.submit {
            let line = try channel.pipeline.syncOperations.handler(type: ConnectionGuard.self)
            let ended = loop.makePromise(of: Void.self)
            let page = OpenPage(line, ended: ended)
            let audience = seat.broadcast.audience(on: loop)
            audience.add(page, seat.topic)
            line.onInputClosed = { page.end() }
            let bound = NIOLoopBound((audience: audience, page: page, line: line), eventLoop: loop)
            channel.closeFuture.whenComplete { _ in bound.value.page.end() }
            ended.futureResult.whenComplete { _ in
                bound.value.audience.remove(bound.value.page, seat.topic)
                // It holds the page.
                bound.value.line.onInputClosed = nil
            }
            return JoinedPage(page, ended: ended.futureResult)
        }.get()
    }
}
