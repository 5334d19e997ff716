import NIOCore

/// A REQUEST that passed every check that needs no knowledge of the operation. It is owed exactly one answer.
package struct AcceptedRequest: Hashable, Sendable {
    package let opcode: Opcode
    package let requestID: UInt64
    /// The budget from now on: the default where the client asked for it, at most 60 s.
    package let deadlineMilliseconds: UInt32
    package let encoding: Encoding
    /// Not decoded yet.
    package let payload: ByteBuffer

    package init(opcode: Opcode, requestID: UInt64, deadlineMilliseconds: UInt32, encoding: Encoding, payload: ByteBuffer) {
        self.opcode = opcode
        self.requestID = requestID
        self.deadlineMilliseconds = deadlineMilliseconds
        self.encoding = encoding
        self.payload = payload
    }

    /// Where the answer goes.
    package var replyAddress: ReplyAddress { ReplyAddress(requestID: requestID, opcode: opcode, encoding: encoding) }

    /// Decodes the payload.
    ///
    /// - Throws: what the caller is told with MALFORMED_PAYLOAD.
    package func message<Message: WireMessage>(_ type: Message.Type) throws(PayloadError) -> Message {
        try Payload.decode(type, from: payload, as: encoding)
    }
}
