import NIOCore
import ReservationWire

/// Tells a caller for whom there is no room so, and closes.
final class RefusalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The frame that says so.
    @Sendable static func words() -> ByteBuffer {
        var buffer = ByteBuffer()
        Frames.writeError(
            to: .connection(.tlv), .tooManyConnections,
            ErrorReply(message: "The daemon takes no more connections now.", retryAfterMilliseconds: 1000), into: &buffer)
        return buffer
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(Self.words())).whenComplete { _ in channel.close(promise: nil) }
    }

    /// What it says is not read.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
