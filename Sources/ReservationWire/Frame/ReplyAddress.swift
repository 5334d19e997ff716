/// What an answer takes over from its request: id, opcode and encoding.
package struct ReplyAddress: Hashable, Sendable {
    package let requestID: UInt64
    /// As it came; it may be one that this side does not know.
    package let opcode: UInt16
    package let encoding: Encoding

    /// - Parameter opcode: as it came.
    package init(requestID: UInt64, opcode: UInt16, encoding: Encoding) {
        self.requestID = requestID
        self.opcode = opcode
        self.encoding = encoding
    }

    /// The address of an answer to a known operation.
    package init(requestID: UInt64, opcode: Opcode, encoding: Encoding) {
        self.init(requestID: requestID, opcode: opcode.rawValue, encoding: encoding)
    }

    /// The request that this header belongs to.
    package init(_ header: FrameHeader) {
        self.init(requestID: header.requestID, opcode: header.opcode, encoding: header.encoding)
    }

    /// The connection itself, which errors that end it are addressed to.
    package static func connection(_ encoding: Encoding) -> ReplyAddress {
        ReplyAddress(requestID: 0, opcode: 0, encoding: encoding)
    }
}
