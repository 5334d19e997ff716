import CSystemd
import Glibc

/// A listening socket that systemd handed over (`LISTEN_FDS`, sd_listen_fds(3)). It stays systemd's: it may be closed here, and callers go on
/// waiting in it for the next process; its file must not be removed.
package struct InheritedSocket: Hashable, Sendable {
    /// What `FileDescriptorName=` of the socket unit says.
    package let name: String
    package let descriptor: Int32

    package init(name: String, descriptor: Int32) {
        self.name = name
        self.descriptor = descriptor
    }

    /// All that were handed over, in systemd's order; none when this process was not activated. To be called once: the variables are
    /// removed, so that no child takes the descriptors for its own.
    ///
    /// - Parameters:
    ///   - names: those that the program knows.
    ///   - family: AF_UNIX where only Unix sockets serve, AF_UNSPEC where any do.
    package static func all(named names: [String], family: Int32 = AF_UNSPEC) throws(InheritanceError) -> [InheritedSocket] {
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = sd_listen_fds_with_names(1, &list)
        guard count >= 0 else { throw InheritanceError("the descriptors cannot be taken over (error \(-count))") }
        guard count > 0, let list else { return [] }
        defer {
            for index in 0..<Int(count) { free(list[index]) }
            free(list)
        }
        var sockets: [InheritedSocket] = []
        for index in 0..<count {
            // sd-daemon: the first descriptor is 3.
            let descriptor = SD_LISTEN_FDS_START + index
            let name = list[Int(index)].map { String(cString: $0) } ?? ""
            guard names.contains(name) else {
                throw InheritanceError(
                    "descriptor \(descriptor) is named \"\(printable(name))\"; FileDescriptorName= must be \(known(names))")
            }
            guard sd_is_socket(descriptor, family, Int32(SOCK_STREAM.rawValue), 1) > 0 else {
                let kind = family == AF_UNIX ? "Unix stream" : "stream"
                throw InheritanceError("descriptor \(descriptor) (\(name)) is not a listening \(kind) socket")
            }
            sockets.append(InheritedSocket(name: name, descriptor: descriptor))
        }
        return sockets
    }

    /// "gateway, service or admin".
    private static func known(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return "\(names.dropLast().joined(separator: ", ")) or \(last)"
    }

    /// A name from outside, fit for a line of a log.
    private static func printable(_ name: String) -> String {
        String(decoding: name.utf8.prefix(64).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}

/// What is wrong with the sockets that systemd handed over.
package struct InheritanceError: Error {
    /// Without a capital at the start and a full stop at the end.
    package let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
