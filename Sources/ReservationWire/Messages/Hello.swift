/// The first frame of a client: which versions it speaks and who it is.
package struct Hello: WireMessage {
    /// `RSV`.
    package var magic: String
    /// Lowest version of the protocol.
    package var versionMin: UInt64
    /// Highest version of the protocol.
    package var versionMax: UInt64
    /// For logs only; at most 64 bytes of printable text.
    package var clientName: String?

    package init(magic: String, versionMin: UInt64, versionMax: UInt64, clientName: String? = nil) {
        self.magic = magic
        self.versionMin = versionMin
        self.versionMax = versionMax
        self.clientName = clientName
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        magic = try reader.string(.magic)
        versionMin = try reader.integer(.versionMin)
        versionMax = try reader.integer(.versionMax)
        clientName = try reader.optionalString(.clientName)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.magic, magic)
        writer.write(.versionMin, versionMin)
        writer.write(.versionMax, versionMax)
        writer.write(.clientName, clientName)
    }
}
