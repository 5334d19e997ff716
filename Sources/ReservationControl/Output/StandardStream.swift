import Glibc
import NIOCore

/// Standard output and standard error.
enum StandardStream {
    /// Writes all of it.
    ///
    /// - Returns: false, with errno set, when it broke off.
    static func write(_ bytes: ByteBuffer, to descriptor: CInt) -> Bool {
        bytes.withUnsafeReadableBytes { all in
            var rest = all
            while rest.count > 0 {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    return false
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return true
        }
    }
}
