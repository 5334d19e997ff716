import NIOCore

@testable import ReservationDaemon

/// The ledger's thread as occurrences of a world. Belongs to it, see ``World`` for why it may be called Sendable.
final class SimulatedLedgerExecutor: LedgerExecutor, @unchecked Sendable {
    private let world: World
    private var isWorking = false
    private var works = CircularBuffer<() -> Void>()
    private var last = NIODeadline.distantPast

    init(world: World) {
        self.world = world
    }

    func submit(_ work: @escaping @Sendable () -> Void) {
        run(work)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        run { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    private func run(_ work: @escaping () -> Void) {
        last = max(last, world.now + world.pace.ledger.draw(using: &world.random))
        works.append(work)
        world.plan(at: last) { self.runNext() }
    }

    private func runNext() {
        guard let work = works.popFirst() else { return }
        isWorking = true
        work()
        isWorking = false
    }

    /// Its process was killed: what waits has no effect any more and is run only so that nothing refers to itself in a circle.
    func runOut() {
        while !works.isEmpty { world.perform(on: nil) { runNext() } }
    }

    func checkIsolated() {
        precondition(isWorking && world.running == nil, "the ledger was entered from outside its executor")
    }
}
