import NIOCore
import ReservationCore

@testable import ReservationClient
@testable import ReservationDaemon

/// One run from one seed: daemon and clients in one thread, with everything going wrong that the scenario says, until all has healed.
final class Simulation {
    struct Weaknesses: Sendable {
        var storage: StorageWeakness?
        var client: ClientWeakness?
        var watcher: WatcherWeakness?
        var mailer: MailerWeakness?
    }

    private let world: World
    private let scenario: Scenario
    private let disk: SimulatedDisk
    private let network: Network
    private let callers: SimulatedCallers
    private let watcher: SimulatedWatcher
    private let mailers: SimulatedMailers
    private let weaknesses: Weaknesses
    private var daemon: SimulatedDaemon?
    private var isHealed = false
    private var report = RunReport()

    init(seed: UInt64, weaknesses: Weaknesses = Weaknesses()) throws {
        world = World(seed: seed)
        scenario = try Scenario(using: &world.random)
        disk = SimulatedDisk(world: world, state: scenario.state)
        network = Network(world: world, keepsListening: scenario.keepsListening)
        callers = SimulatedCallers(world: world, network: network, disk: disk, scenario: scenario, weakness: weaknesses.client)
        watcher = SimulatedWatcher(world: world, network: network, scenario: scenario, weakness: weaknesses.watcher)
        mailers = SimulatedMailers(world: world, network: network, weakness: weaknesses.mailer)
        self.weaknesses = weaknesses
        world.remains.watch("world", world)
        world.remains.watch("network", network)
        world.remains.watch("disk", disk)
        world.remains.watch("callers", callers)
        world.remains.watch("watcher", watcher)
        world.remains.watch("mailers", mailers)
        for client in callers.clients + [watcher.client] + mailers.clients { world.remains.watch("client", client) }
        disk.faults = scenario.faults
        report.seed = seed
    }

    /// Runs it to its end.
    func run() -> RunReport {
        disk.onCommit = { [unowned self] previous, state in
            for complaint in state.complaints + state.complaints(after: previous) {
                report.violations.append("version \(disk.versions.count - 1): \(complaint)")
            }
        }
        startDaemon()
        for call in scenario.calls { callers.plan(call) }
        watcher.begin(at: World.firstMoment + scenario.watching)
        mailers.begin()
        for (delay, mishap) in scenario.mishaps { world.plan(at: World.firstMoment + delay) { [unowned self] in meet(mishap) } }
        world.plan(at: World.firstMoment + scenario.healing) { [unowned self] in heal() }
        proceed("the calls do not end") { isHealed && callers.unfinished == 0 }
        probe()
        look()
        waitForMail()
        windUp()
        report.violations += HistoryCheck(scenario: scenario, disk: disk, records: callers.records, firstTrouble: world.firstTrouble)
            .violations()
        report.trace = world.trace
        report.remains = world.remains
        report.counts.watches = watcher.beginnings
        report.counts.interruptions = watcher.interruptions
        report.counts.changes = watcher.changes
        report.violations += mailers.complaints(about: disk.state)
        report.count(mailers)
        report.count(callers.records, drops: network.drops, faults: disk.faultTimes.count)
        network.end()
        world.end()
        return report
    }

    private func proceed(_ complaint: String, until condition: () -> Bool) {
        let limit = world.steps + 100_000
        while !condition() {
            // A daemon that cannot start again would be started for ever.
            if report.violations.count > 20 { return }
            guard world.steps < limit, world.step() else {
                report.violations.append(complaint)
                return
            }
        }
    }

    // MARK: the daemon's lives

    private func startDaemon() {
        do throws(LedgerStartError) {
            let next = try SimulatedDaemon(
                world: world, network: network, disk: disk, bounds: scenario.bounds, weakness: weaknesses.storage)
            next.onEnd = { [unowned self] in daemonEnded() }
            daemon = next
            world.remains.watch("daemon", next)
            world.remains.watch("ledger", next.ledger)
            world.remains.watch("server", next.server)
            next.start()
        } catch {
            // A device that fails, or a kill, may meet the start as well.
            if case .storage(.deviceFailed) = error {
            } else if case .storage(.unavailable) = error {
            } else {
                report.violations.append("the daemon does not start: \(error)")
            }
            daemonEnded()
        }
    }

    private func daemonEnded() {
        guard !isWindingUp else { return }
        world.plan(after: world.pace.restart) { [unowned self] in
            world.note(.restart)
            startDaemon()
        }
    }

    private func meet(_ mishap: Scenario.Mishap) {
        world.noteTrouble()
        switch mishap {
        case .crash: daemon?.kill()
        case .drain: daemon?.drain(patience: .milliseconds(Int64(world.random.draw(1...2_000))))
        case .drop: network.dropOne()
        }
    }

    private func heal() {
        world.note(.heal)
        isHealed = true
        disk.heal()
        mailers.heal()
        world.calmDown()
    }

    // MARK: the end

    private var isWindingUp = false

    /// Whoever asks now gets an answer, and the store takes writes.
    private func probe() {
        for action in [CallPlan.Action.validate(0), .health, .health] {
            for client in scenario.callers.indices {
                let begin = world.now - World.firstMoment
                callers.plan(CallPlan(client: client, action: action, begin: begin, deadline: .seconds(20)), isProbe: true)
            }
            proceed("the calls after healing do not end") { callers.unfinished == 0 }
        }
    }

    /// When nothing changes any more, the watcher comes to know every slot as it is stored, and unlearns nothing.
    private func look() {
        proceed("the watcher does not come to know what is stored") { watcher.knows(disk.state) }
        let end = world.now + .seconds(2)
        proceed("the watcher's time does not pass") { world.now >= end }
        proceed("the watcher unlearns what is stored") { watcher.knows(disk.state) }
    }

    /// No confirmation is lost: each that is stored is sent in the end, and then nothing is due.
    private func waitForMail() {
        proceed("confirmations are not sent") { mailers.haveSentAll(of: disk.state) }
        mailers.stop()
        proceed("the mailers do not come to rest") { mailers.areIdle }
    }

    /// Everybody goes home; nothing may be left.
    private func windUp() {
        callers.close()
        watcher.close()
        mailers.close()
        proceed("the clients do not close") { callers.areClosed && watcher.isClosed && mailers.areClosed }
        for (index, client) in callers.clients.enumerated() where client.gauge.current != 0 {
            report.violations.append("client \(index) counts \(client.gauge.current) calls in flight and has none")
        }
        proceed("there is no daemon in the end") { daemon.map { $0.isAlive && !$0.isStopping } ?? false }
        guard let daemon else { return }
        proceed("connections are left on the daemon") { daemon.server.surroundings().connections == 0 }
        proceed("requests are left in the queue") { daemon.ledger.queueDepth == 0 }
        isWindingUp = true
        daemon.drain(patience: .seconds(10))
        proceed("the daemon does not end") { daemon.isBuried }
        if network.lines.contains(where: \.isOpen) { report.violations.append("connections are left open") }
    }
}
