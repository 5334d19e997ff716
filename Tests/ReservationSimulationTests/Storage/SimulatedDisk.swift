import NIOCore
import ReservationCore

/// What survives a crash, what it was after each commit, and when it fails.
/// Belongs to its world, see ``World`` for why it may be called Sendable.
final class SimulatedDisk: @unchecked Sendable {
    /// What happens at an operation of the store, where it can.
    enum Fault: Sendable {
        /// The disk is full or busy: what was to be written is certainly not.
        case unavailable
        /// The device failed; at a commit the group is stored all the same or it is not.
        case deviceFailed(storedAnyway: Bool)
        /// The process is killed; at a commit the group is stored already or it is not.
        case crash(stored: Bool)
    }

    enum Moment: Sendable {
        case begin, read, write, commit
    }

    let world: World
    /// The durable state after each commit, the first before anybody came.
    private(set) var versions: [StoredState]
    /// Faults to come by the number of the operation at which, or after which, they strike; in order.
    var faults: [(operation: Int, fault: Fault)] = []
    private var operations = 0
    /// When faults other than crashes struck.
    private(set) var faultTimes: [(time: NIODeadline, fault: Fault)] = []
    var onCommit: (StoredState, StoredState) -> Void = { _, _ in }
    var onCrash: () -> Void = {}

    init(world: World, state: StoredState) {
        self.world = world
        versions = [state]
    }

    var state: StoredState { versions[versions.count - 1] }

    func store(_ state: StoredState) {
        let previous = self.state
        versions.append(state)
        world.note(.commit, versions.count - 1, state.reservations.count)
        onCommit(previous, state)
    }

    func heal() { faults.removeAll() }

    /// The fault that strikes at this operation.
    func fault(at moment: Moment, writes: Bool) -> Fault? {
        operations += 1
        guard let next = faults.first, next.operation <= operations else { return nil }
        switch (next.fault, moment) {
        // Only what writes can find the disk full.
        case (.unavailable, .read), (.deviceFailed, .begin): return nil
        // What is to be stored all the same must have come as far as a commit.
        case (.deviceFailed(storedAnyway: true), .read), (.deviceFailed(storedAnyway: true), .write): return nil
        case (.crash(stored: true), .begin), (.crash(stored: true), .read), (.crash(stored: true), .write): return nil
        case (.unavailable, .commit) where !writes, (.deviceFailed, .commit) where !writes, (.crash(stored: true), .commit) where !writes:
            return nil
        default: break
        }
        faults.removeFirst()
        world.noteTrouble()
        switch next.fault {
        case .unavailable: world.note(.unavailable, operations)
        case .deviceFailed(let stored): world.note(.deviceFailed, operations, stored ? 1 : 0)
        case .crash(let stored):
            world.note(.crash, operations, stored ? 1 : 0)
            return next.fault
        }
        faultTimes.append((world.now, next.fault))
        return next.fault
    }
}
