import NIOCore
import ReservationWire

/// Tells a caller for whom there is no room so, and closes.
final class RefusalHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelActive(context: ChannelHandlerContext) {
        var buffer = ByteBuffer()
        Frames.writeError(
            to: .connection(.tlv), .tooManyConnections,
            ErrorReply(message: "The daemon takes no more connections now.", retryAfterMilliseconds: 1000), into: &buffer)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(buffer)).whenComplete { _ in channel.close(promise: nil) }
    }

    /// What it says is not read.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
