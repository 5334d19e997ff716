import NIOCore
import SeededRandom

/// The clock, the chance and the order of events of one simulated run.
///
/// Nothing happens but by ``step()``: each takes the next occurrence, moves the clock to it and lets it happen whole. What happens
/// between two occurrences of one party is up to the delays, which are drawn from the seed.
///
/// Sendable unchecked, like everything that belongs to a world: a run is one synchronous call of ``Simulation/run()``, it starts no thread
/// and no task, and nothing of a world outlives it or is seen by another.
final class World: @unchecked Sendable {
    private(set) var now = World.firstMoment
    var random: SeededGenerator
    private(set) var pace: Pace
    var trace = Trace()
    var remains = Remains()
    /// All event loops that there ever were.
    var loops: [SimulatedEventLoop] = []
    private(set) var steps = 0
    /// When something first went wrong that can break a connection or lose a request.
    private(set) var firstTrouble = NIODeadline.distantFuture
    /// The event loop whose turn it is; nil while the ledger's thread or nobody of the program runs.
    private(set) var running: SimulatedEventLoop?
    private var occurrences = Occurrences()
    private var isOver = false

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        pace = Pace(using: &random)
        self.random = random
    }

    /// Wall-clock time when a run begins: 2030-01-01T00:00:00Z.
    static let firstSecond: Int64 = 1_893_456_000
    static let firstMoment = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    /// Wall-clock time, which goes with the clock here.
    var seconds: Int64 { Self.firstSecond + (now - Self.firstMoment).nanoseconds / 1_000_000_000 }

    @discardableResult
    func plan(
        at time: NIODeadline, on loop: SimulatedEventLoop? = nil, whenForgotten: (() -> Void)? = nil, _ action: @escaping () -> Void
    ) -> Occurrence {
        let occurrence = Occurrence(loop: loop, action: action, whenForgotten: whenForgotten)
        if isOver { occurrence.forget(in: self) } else { occurrences.insert(occurrence, at: time) }
        return occurrence
    }

    @discardableResult
    func plan(
        after delay: Delay, on loop: SimulatedEventLoop? = nil, whenForgotten: (() -> Void)? = nil, _ action: @escaping () -> Void
    ) -> Occurrence {
        plan(at: now + delay.draw(using: &random), on: loop, whenForgotten: whenForgotten, action)
    }

    /// Lets the next thing happen.
    ///
    /// - Returns: false when nothing is planned any more.
    func step() -> Bool {
        while let (time, occurrence) = occurrences.removeFirst() {
            guard occurrence.loop?.isAlive ?? true else {
                occurrence.forget(in: self)
                continue
            }
            guard let action = occurrence.take() else { continue }
            now = max(now, time)
            steps += 1
            perform(on: occurrence.loop, action)
            return true
        }
        return false
    }

    /// Does something in the place of an event loop, or of no event loop.
    func perform<Result>(on loop: SimulatedEventLoop?, _ action: () -> Result) -> Result {
        let previous = running
        running = loop
        defer { running = previous }
        return action()
    }

    func noteTrouble() { firstTrouble = min(firstTrouble, now) }

    /// From here on everything takes about as long as usual.
    func calmDown() { pace.calmDown() }

    /// Nothing happens any more; what was to happen is forgotten, and with it what refers to the world in a circle.
    func end() {
        isOver = true
        for occurrence in occurrences.removeAll() { occurrence.forget(in: self) }
        while loops.contains(where: { $0.runOut() }) {}
        for loop in loops { loop.bury() }
        loops = []
    }
}
