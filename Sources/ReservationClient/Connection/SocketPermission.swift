import Glibc

extension ClientError {
    /// The same with those named who may open the socket, where that can be found out.
    ///
    /// Looking a name up may ask other machines (nsswitch.conf), so this is done by the caller's task and not on the event loop.
    func namingOwners(ofSocket path: String) -> ClientError {
        guard code == .notPermitted else { return self }
        var named = self
        var status = stat()
        if stat(path, &status) != 0 {
            named.message += ": a folder above it is closed to this user; ask for membership in its group, or run as root"
        } else if status.st_mode & S_IWGRP != 0 {
            // Connecting takes the permission to write (unix(7)).
            named.message += ": it is for the group \(Self.groupName(status.st_gid)); become a member of it, or run as root"
        } else {
            named.message += ": it is for the user \(Self.userName(status.st_uid)) alone; run as that user"
        }
        return named
    }

    private static func groupName(_ id: gid_t) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            var entry = group()
            var found: UnsafeMutablePointer<group>?
            guard getgrgid_r(id, &entry, buffer.baseAddress, buffer.count, &found) == 0, let found, let name = found.pointee.gr_name
            else { return "with id \(id)" }
            return String(cString: name)
        }
    }

    private static func userName(_ id: uid_t) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            guard let space = buffer.baseAddress, getpwuid_r(id, &entry, space, buffer.count, &found) == 0,
                let found, let name = found.pointee.pw_name
            else { return "with id \(id)" }
            return String(cString: name)
        }
    }
}
