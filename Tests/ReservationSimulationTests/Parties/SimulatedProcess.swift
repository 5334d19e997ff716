/// Whether a program is still there. What one that was killed goes on to do has no effect.
/// Belongs to its world, see ``World`` for why it may be called Sendable.
final class SimulatedProcess: @unchecked Sendable {
    private(set) var isAlive = true
    func kill() { isAlive = false }
}
