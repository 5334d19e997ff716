/// The answer to HELLO: the chosen version, the bounds and who the server is.
package struct HelloAck: WireMessage {
    /// Of the protocol, chosen by the server.
    package var version: UInt64
    /// Most payload bytes of a frame.
    package var maxPayload: UInt64
    /// Most requests waiting for their answer.
    package var maxInFlight: UInt64
    /// Changes with every start of the daemon.
    package var instanceID: UInt128
    /// For logs.
    package var serverName: String
    /// What the socket allows.
    package var role: String
    /// What a deadline of 0 stands for, in milliseconds.
    package var defaultDeadlineMilliseconds: UInt64

    package init(
        version: UInt64, maxPayload: UInt64, maxInFlight: UInt64, instanceID: UInt128, serverName: String, role: String,
        defaultDeadlineMilliseconds: UInt64
    ) {
        self.version = version
        self.maxPayload = maxPayload
        self.maxInFlight = maxInFlight
        self.instanceID = instanceID
        self.serverName = serverName
        self.role = role
        self.defaultDeadlineMilliseconds = defaultDeadlineMilliseconds
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        version = try reader.integer(.version)
        maxPayload = try reader.integer(.maxPayload)
        maxInFlight = try reader.integer(.maxInFlight)
        instanceID = try reader.bytes16(.instanceID)
        serverName = try reader.string(.serverName)
        role = try reader.string(.role)
        defaultDeadlineMilliseconds = try reader.integer(.defaultDeadlineMilliseconds)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.version, version)
        writer.write(.maxPayload, maxPayload)
        writer.write(.maxInFlight, maxInFlight)
        writer.write(.instanceID, instanceID)
        writer.write(.serverName, serverName)
        writer.write(.role, role)
        writer.write(.defaultDeadlineMilliseconds, defaultDeadlineMilliseconds)
    }
}
