/// Why a code could not be drawn. Only a lack of memory is known to cause it.
package enum QRError: Error, Hashable {
    /// libqrencode refused, with this `errno`.
    case encoding(Int32)
    /// zlib refused, with this return code.
    case compression(Int32)
}
