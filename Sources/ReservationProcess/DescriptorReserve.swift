import Glibc
import Synchronization

/// One descriptor kept back, so that a process that has used up all the others can still do what must not fail for want of one.
///
/// Descriptors belong to the process and not to an object in it, hence one reserve a process. While it is lent, another thread may take
/// its place; it is then without a descriptor until ``refill()`` finds one.
package final class DescriptorReserve: Sendable {
    /// The reserve of this process.
    package static let shared = DescriptorReserve()

    private static let none: Int32 = -1
    private let held = Mutex(none)

    private init() {
        refill()
    }

    /// Whether there is one to lend now.
    package var isHeld: Bool { held.withLock { $0 != Self.none } }

    /// Takes a descriptor where none is held, and one is to be had.
    package func refill() {
        held.withLock { Self.fill(&$0) }
    }

    /// Runs a call with the reserve's place free for it.
    ///
    /// - Parameter call: opens at most one descriptor, has closed it when it returns, and does not wait: others may need the reserve.
    package func lend<Result, Failure: Error>(_ call: () throws(Failure) -> Result) throws(Failure) -> Result {
        try held.withLock { descriptor throws(Failure) in
            if descriptor != Self.none {
                close(descriptor)
                descriptor = Self.none
            }
            defer { Self.fill(&descriptor) }
            return try call()
        }
    }

    /// Runs a call, and where it found no descriptor once more in the reserve's place.
    ///
    /// - Parameter call: as for ``lend(_:)``.
    package func run<Result>(_ call: () throws(DescriptorsExhausted) -> Result) throws(DescriptorsExhausted) -> Result {
        do {
            return try call()
        } catch {
            return try lend(call)
        }
    }

    private static func fill(_ descriptor: inout Int32) {
        if descriptor == none { descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC) }
    }
}

/// A call found no descriptor free: the process's limit is reached (EMFILE), or the machine's (ENFILE).
package struct DescriptorsExhausted: Error {
    /// - Returns: nil when the error is another.
    package init?(errno code: Int32) {
        guard code == EMFILE || code == ENFILE else { return nil }
    }
}
