import Glibc

/// An open file, read from its beginning, closed when it goes out of use.
final class FileBytes {
    /// In bytes, when it was opened.
    let size: Int
    private let descriptor: CInt
    private let path: String

    /// - Throws: when there is no such file, it may not be read, or it is a folder.
    init(path: String) throws(ControlFailure) {
        let shown = PrintableText.escaped(path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw ControlFailure(.noInput, "\(shown): there is no such file, check the path")
            case EACCES, EPERM: throw ControlFailure(.noInput, "\(shown): this user may not read it, change its permissions")
            default: throw ControlFailure(.noInput, "\(shown): cannot be opened (\(String(cString: strerror(errno))))")
            }
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            // It is read twice, once to check it and once to send it, which a pipe cannot be.
            close(descriptor)
            throw ControlFailure(.noInput, "\(shown): this is not a regular file, save the data in one")
        }
        self.size = Int(status.st_size)
        self.descriptor = descriptor
        self.path = shown
    }

    deinit {
        close(descriptor)
    }

    /// The file from where it was last read, to its end or as far as `limit`.
    func contents(upTo limit: Int) throws(ControlFailure) -> [UInt8] {
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while contents.count < limit {
            let result = chunk.withUnsafeMutableBytes { buffer in
                Result { () throws(ControlFailure) -> Int in try read(into: buffer) }
            }
            let count = try result.get()
            if count == 0 { break }
            contents += chunk.prefix(min(count, limit - contents.count))
        }
        return contents
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ControlFailure) -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            if errno != EINTR {
                throw ControlFailure(.inputOutput, "\(path): cannot be read (\(String(cString: strerror(errno))))")
            }
        }
    }
}
