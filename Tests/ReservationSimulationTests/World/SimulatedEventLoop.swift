import Dispatch
import NIOCore

/// An event loop whose turns are occurrences of a ``World``: tasks run in order, each as a turn of its own, so that anything may happen
/// between two of them. Belongs to its world, see there for why it may be called Sendable.
final class SimulatedEventLoop: EventLoop, @unchecked Sendable {
    private let world: World
    private var lastTurn = NIODeadline.distantPast
    private var tasks = CircularBuffer<@Sendable () -> Void>()
    /// False when its process was killed: nothing that was to happen on it happens.
    private(set) var isAlive = true
    private var isBuried = false

    init(world: World) {
        self.world = world
        world.loops.append(self)
    }

    /// True on the loop's own turns alone, not for the whole thread: so what belongs to one loop cannot be touched from another.
    var inEventLoop: Bool { world.running === self }
    var now: NIODeadline { world.now }

    func execute(_ task: @escaping @Sendable () -> Void) {
        guard !isBuried else { return world.perform(on: self, task) }
        tasks.append(task)
        guard isAlive else { return }
        lastTurn = max(lastTurn, world.now + world.pace.loop.draw(using: &world.random))
        world.plan(at: lastTurn, on: self) { self.tasks.popFirst()?() }
    }

    /// Its process was killed.
    func kill() { isAlive = false }

    /// Runs the tasks that a killed process left. They have no effect any more, but what they hold would refer to itself in a circle.
    ///
    /// - Returns: false when there were none.
    func runOut() -> Bool {
        guard !tasks.isEmpty else { return false }
        while let task = tasks.popFirst() { world.perform(on: self, task) }
        return true
    }

    /// Nothing waits for a turn any more: what is still to be done is done at once, so that no promise is let go unfulfilled, which a debug
    /// build of NIO minds.
    func bury() { isBuried = true }

    func scheduleTask<T>(deadline: NIODeadline, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        let promise = makePromise(of: T.self)
        let giveUp = { promise.fail(EventLoopError.cancelled) }
        let occurrence = world.plan(at: deadline, on: self, whenForgotten: giveUp) {
            do {
                promise.assumeIsolated().succeed(try task())
            } catch {
                promise.fail(error)
            }
        }
        let timer = Timer(occurrence)
        return Scheduled(promise: promise, cancellationTask: { timer.occurrence.cancel() })
    }

    func scheduleTask<T>(in delay: TimeAmount, _ task: @escaping @Sendable () throws -> T) -> Scheduled<T> {
        scheduleTask(deadline: world.now + delay, task)
    }

    func shutdownGracefully(queue: DispatchQueue, _ callback: @escaping @Sendable ((any Error)?) -> Void) {
        preconditionFailure("a simulated event loop ends with its world")
    }

    /// Belongs to the loop's world.
    private struct Timer: @unchecked Sendable {
        let occurrence: Occurrence
        init(_ occurrence: Occurrence) { self.occurrence = occurrence }
    }
}

/// The event loops of one process.
final class SimulatedLoopGroup: EventLoopGroup {
    let loops: [SimulatedEventLoop]

    init(world: World, count: Int) {
        loops = (0..<count).map { _ in SimulatedEventLoop(world: world) }
    }

    /// Ends the loops of a killed process.
    func runOut() {
        while loops.contains(where: { $0.runOut() }) {}
        for loop in loops { loop.bury() }
    }

    func next() -> any EventLoop { loops[0] }
    func makeIterator() -> EventLoopIterator { EventLoopIterator(loops) }

    func shutdownGracefully(queue: DispatchQueue, _ callback: @escaping @Sendable ((any Error)?) -> Void) {
        preconditionFailure("simulated event loops end with their world")
    }
}
