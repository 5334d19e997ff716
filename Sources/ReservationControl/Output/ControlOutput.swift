import Glibc
import NIOCore
import Synchronization

/// Where a list goes while it is being read, so that its length costs no memory.
protocol ControlOutput: Sendable {
    /// - Throws: when it cannot be written. Without a message where nobody needs one: the reader has seen enough.
    func write(_ bytes: ByteBuffer) throws(ControlFailure)
}

/// Standard output.
package struct StandardOutput: ControlOutput {
    package init() {}

    func write(_ bytes: ByteBuffer) throws(ControlFailure) {
        try DescriptorOutput(descriptor: STDOUT_FILENO, name: "standard output").write(bytes)
    }
}

/// Keeps what is written, for callers that want it as a whole.
final class GatheredOutput: ControlOutput {
    private let gathered = Mutex(ByteBuffer())

    func write(_ bytes: ByteBuffer) {
        _ = gathered.withLock { $0.writeImmutableBuffer(bytes) }
    }

    var bytes: ByteBuffer { gathered.withLock { $0 } }
}

/// An open file.
struct DescriptorOutput: ControlOutput {
    let descriptor: CInt
    /// As messages call it.
    let name: String

    func write(_ bytes: ByteBuffer) throws(ControlFailure) {
        let problem: CInt = bytes.withUnsafeReadableBytes { all in
            var rest = all
            while rest.count > 0 {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return 0
        }
        if problem == EPIPE { throw ControlFailure(.inputOutput, "") }
        if problem != 0 {
            throw ControlFailure(.inputOutput, "\(name) cannot be written (\(String(cString: strerror(problem)))): free space")
        }
    }
}
