import NIOCore

/// The whole reply to a caller for whom the process has no descriptor; its request is not read.
enum ShortageReply {
    @Sendable static func bytes() -> ByteBuffer {
        let reply = Reply(PublicFailure.unavailable)
        var head = "HTTP/1.1 \(reply.status) Service Unavailable\r\nconnection: close\r\n"
        for (name, value) in ReplyHeaders.list(reply, id: RequestID.fresh(), date: DateHeader.now()) {
            head += "\(name): \(value)\r\n"
        }
        var bytes = ByteBuffer(string: head + "\r\n")
        bytes.writeImmutableBuffer(reply.body)
        return bytes
    }
}
