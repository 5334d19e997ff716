import NIOCore

@testable import ReservationDaemon

/// The ledger's thread as occurrences of a world. Belongs to it, see ``World`` for why it may be called Sendable.
final class SimulatedLedgerExecutor: LedgerExecutor, @unchecked Sendable {
    private let world: World
    private let process: SimulatedProcess
    private var isWorking = false
    private var last = NIODeadline.distantPast

    init(world: World, process: SimulatedProcess) {
        self.world = world
        self.process = process
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
        world.plan(at: last) {
            guard self.process.isAlive else { return }
            self.isWorking = true
            work()
            self.isWorking = false
        }
    }

    func checkIsolated() {
        precondition(isWorking && world.running == nil, "the ledger was entered from outside its executor")
    }
}
