import ReservationCore

/// A picture that an operator hands in.
enum LogoFile {
    /// - Throws: when the file cannot be read, or the daemon would not take what is in it.
    static func read(_ path: String) throws(ControlFailure) -> Logo {
        let file = try FileBytes(path: path)
        // One byte too many is enough to see that a file that grows meanwhile has become too large.
        let bytes = try file.contents(upTo: Limits.logoBytes + 1)
        do throws(Logo.Problem) {
            guard file.size <= Limits.logoBytes else { throw .tooLarge(bytes: file.size) }
            return try Logo(bytes)
        } catch {
            throw ControlFailure(.badData, "\(PrintableText.escaped(path)): \(error.message)")
        }
    }
}
