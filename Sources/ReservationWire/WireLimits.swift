/// Every bound of RSV/1 in one place; the first group is `limits` of `proto-spec/registry.json`, word for word.
package enum WireLimits {
    /// Bytes of a frame before its payload.
    package static let headerBytes = 24
    /// Most payload bytes of one frame, so that byte 0 of a frame is always 0.
    package static let maxPayloadBytes = 1_048_576
    /// How deep messages (TLV) or objects and arrays (JSON) may nest; the payload itself is depth 1.
    package static let maxDepth = 8
    /// Most requests that wait for their answer on one connection.
    package static let maxInFlight = 1024
    /// The largest integer, 2^53 − 1: exact in every JSON reader that uses doubles.
    package static let maxInteger: UInt64 = 9_007_199_254_740_991
    /// A connection that has not said HELLO by then is closed.
    package static let helloTimeoutMilliseconds = 2_000
    /// A frame whose first byte has come must be whole by then.
    package static let frameTimeoutMilliseconds = 10_000
    /// What a deadline of 0 stands for.
    package static let defaultDeadlineMilliseconds: UInt32 = 10_000
    /// A longer deadline is taken as this one.
    package static let maxDeadlineMilliseconds: UInt32 = 60_000

    /// The only version of the protocol there is.
    package static let version: UInt64 = 1
    /// What a HELLO carries so that a stray peer is recognised.
    package static let magic = "RSV"
    /// Most bytes a PING may carry.
    package static let pingPayloadBytes = 64
    /// Longest client name in a HELLO, in bytes of UTF-8.
    package static let clientNameBytes = 64
    /// When a caller that was told OVERLOADED may ask again.
    package static let overloadRetryMilliseconds: UInt64 = 100
    /// A TLV element before its value: u16 tag, u32 length.
    static let elementHeaderBytes = 6
    /// Bit 15 of a TLV tag: a receiver that does not know the tag must refuse the message.
    static let criticalBit: UInt16 = 0x8000
}
