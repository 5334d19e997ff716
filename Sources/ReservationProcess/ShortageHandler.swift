import Glibc
import NIOCore

/// Stands first on a listening channel. When there is no descriptor for a caller who waits, it tells the caller so in the reserve's place,
/// and lets the listener rest for a moment.
///
/// Without it the event loop spins: accept(2) fails and leaves the caller in the queue, epoll reports the queue again at once, and NIO's
/// `AcceptBackoffHandler` delays only reads that are asked for, while the one that failed is still pending in the channel.
package final class ShortageHandler: ChannelInboundHandler {
    package typealias InboundIn = any Channel
    package typealias InboundOut = any Channel

    /// Callers told between two rests; with the rest it bounds what a storm of callers costs those who are served.
    private static let refusalsAtOnce = 16
    private static let rest = TimeAmount.milliseconds(20)
    /// Of what a caller has said before it was refused; more than a request's header.
    private static let unreadBytes = 65_536

    private let shortage: DescriptorShortage
    private let words: @Sendable () -> ByteBuffer

    /// - Parameter words: what a caller is told; it is sent in one piece and must fit the kernel's buffer of a fresh socket.
    package init(shortage: DescriptorShortage, words: @escaping @Sendable () -> ByteBuffer) {
        self.shortage = shortage
        self.words = words
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (error as? IOError)?.errnoCode {
        case EMFILE, ENFILE:
            shortage.met(refused: refuseWaiting(context), on: context.eventLoop)
            pause(context)
        case ENOBUFS, ENOMEM:
            // The kernel is short of memory: nothing can be told to anybody.
            pause(context)
        default:
            context.fireErrorCaught(error)
        }
    }

    /// Turning automatic reading off is what takes the descriptor out of epoll, also with a read pending.
    private func pause(_ context: ChannelHandlerContext) {
        let channel = context.channel
        let shortage = shortage
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.rest) {
            // Before the listener can take what has become free.
            shortage.reserve.refill()
            try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }

    /// - Returns: how many were told.
    private func refuseWaiting(_ context: ChannelHandlerContext) -> Int {
        let listener = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { $0 }
        guard let listener else { return 0 }
        let words = words()
        for count in 0..<Self.refusalsAtOnce {
            guard shortage.reserve.lend({ Self.refuseNext(on: listener, words) }) else { return count }
        }
        return Self.refusalsAtOnce
    }

    /// - Returns: false when nobody waits, or another thread was quicker to take the reserve's place.
    private static func refuseNext(on listener: NIOBSDSocket.Handle, _ words: ByteBuffer) -> Bool {
        // The listener does not block, and the caller's descriptor does not live long enough for its flags to matter.
        let caller = accept(listener, nil, nil)
        guard caller >= 0 else { return false }
        words.withUnsafeReadableBytes { bytes in
            _ = send(caller, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
        shutdown(caller, Int32(SHUT_WR))
        discardInput(of: caller)
        close(caller)
        return true
    }

    /// Closing with something unread would reset the connection and might destroy the words on their way (RFC 9112, section 9.6).
    private static func discardInput(of caller: Int32) {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            for _ in 0..<(unreadBytes / buffer.count) where recv(caller, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT)) <= 0 {
                return
            }
        }
    }
}
