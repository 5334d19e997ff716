import NIOCore

/// A message of the registry. One description serves both encodings: fields are read and written in ascending order of their tags, which
/// makes TLV one pass in either direction.
package protocol WireMessage: Sendable, Equatable {
    /// Takes the fields out of `reader`, in ascending order of their tags.
    ///
    /// - Throws: what is missing or of the wrong form. Whether a value can be used is not judged here.
    init(from reader: inout some FieldReader) throws(PayloadError)

    /// Puts the fields into `writer`, in ascending order of their tags.
    func write(to writer: inout some FieldWriter)

    // The four below are never written by hand. As requirements with a default they are compiled for each message together with its
    // fields, so a caller in another module reaches code without generics through one call.

    /// Reads all of a TLV payload.
    static func readTLV(_ bytes: ByteBuffer) throws(PayloadError) -> Self
    /// Appends the message as TLV elements.
    func writeTLV(into buffer: inout ByteBuffer)
    /// Reads a JSON object's fields.
    static func readJSON(_ bytes: ByteBuffer) throws(PayloadError) -> Self
    /// Appends the message as a JSON object.
    func writeJSON(into buffer: inout ByteBuffer)
}

extension WireMessage {
    package static func readTLV(_ bytes: ByteBuffer) throws(PayloadError) -> Self {
        // The reader looks at the bytes in place and does not outlive the closure. `Result` carries the typed error out of it.
        try bytes.withUnsafeReadableBytes { bytes in
            Result { () throws(PayloadError) -> Self in
                var reader = TLVReader(bytes)
                let message = try Self(from: &reader)
                try reader.finish()
                return message
            }
        }.get()
    }

    package func writeTLV(into buffer: inout ByteBuffer) {
        var writer = TLVWriter(appendingTo: &buffer)
        write(to: &writer)
        writer.giveBack(&buffer)
    }

    package static func readJSON(_ bytes: ByteBuffer) throws(PayloadError) -> Self {
        var reader = try JSONFieldReader(bytes)
        let message = try Self(from: &reader)
        reader.finish()
        return message
    }

    package func writeJSON(into buffer: inout ByteBuffer) {
        var writer = JSONFieldWriter(JSONWriter(appendingTo: &buffer))
        writer.json.beginObject()
        write(to: &writer)
        writer.json.endObject()
        writer.json.giveBack(&buffer)
    }
}
