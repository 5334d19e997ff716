import Glibc
import NIOCore

/// A file that is there as a whole or not at all: it gets its name when everything is in it.
///
/// Only its owner may read it, since it may name customers.
final class ExportFile: ControlOutput {
    private let path: String
    private let partial: String
    private let output: DescriptorOutput

    /// - Throws: when no file can be made there.
    init(path: String) throws(ControlFailure) {
        let shown = PrintableText.escaped(path)
        partial = "\(path).part-\(getpid())"
        self.path = path
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw ControlFailure(
                .inputOutput, "\(shown): no file can be made there (\(String(cString: strerror(errno)))): check the directory")
        }
        output = DescriptorOutput(descriptor: descriptor, name: shown)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    func write(_ bytes: ByteBuffer) throws(ControlFailure) { try output.write(bytes) }

    /// Gives it its name, in place of any file that has it.
    func finish() throws(ControlFailure) {
        guard fsync(output.descriptor) == 0, rename(partial, path) == 0 else {
            throw ControlFailure(.inputOutput, "\(output.name) cannot be written (\(String(cString: strerror(errno)))): free space")
        }
    }

    deinit {
        close(output.descriptor)
        // Once it is finished there is none of that name.
        unlink(partial)
    }
}
