import Glibc

extension ClientError {
    /// The same with the group named whose members may open the socket, where that can be found out.
    ///
    /// Looking a group up may ask other machines (nsswitch.conf), so this is done by the caller's task and not on the event loop.
    func namingGroup(ofSocket path: String) -> ClientError {
        guard code == .notPermitted else { return self }
        var named = self
        var status = stat()
        if stat(path, &status) != 0 {
            named.message += ": a folder above it is closed to this user; ask for membership in its group, or run as root"
        } else if let group = Self.groupName(status.st_gid) {
            named.message += ": it belongs to the group \(group); become a member of it, or run as root"
        } else {
            named.message += ": it belongs to the group with id \(status.st_gid); become a member of it, or run as root"
        }
        return named
    }

    private static func groupName(_ id: gid_t) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            var entry = group()
            var found: UnsafeMutablePointer<group>?
            guard getgrgid_r(id, &entry, buffer.baseAddress, buffer.count, &found) == 0, let found, let name = found.pointee.gr_name
            else { return nil }
            return String(cString: name)
        }
    }
}
