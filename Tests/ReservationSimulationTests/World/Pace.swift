import NIOCore
import SeededRandom

/// How long something takes: mostly about as long as usual, now and then much longer, so that timers and retries overtake it.
struct Delay: Sendable {
    /// Microseconds.
    var usual: ClosedRange<Int>
    /// Microseconds.
    var rare: ClosedRange<Int>
    /// How seldom the rare case is.
    var rarity: Int

    func draw(using random: inout SeededGenerator) -> TimeAmount {
        let range = random.isOne(in: rarity) ? rare : usual
        return .nanoseconds(Int64(random.draw(range)) * 1000 + Int64(random.draw(0...999)))
    }
}

/// How fast the parts of a world are; drawn anew for each seed.
struct Pace: Sendable {
    /// From a write until the peer may read it.
    var network: Delay
    /// Until an event loop comes round to a task.
    var loop: Delay
    /// Until the ledger's thread comes round to a group.
    var ledger: Delay
    /// From the end of a daemon until its successor serves.
    var restart: Delay
    /// Reads are cut short once in this many times.
    var fragmentRarity: Int
    /// Bytes that a socket holds before it takes no more.
    var socketBytes: Int

    init(using random: inout SeededGenerator) {
        let stallRarity = random.pick([20, 60, 200, 100_000])
        network = Delay(
            usual: 5...random.pick([50, 500, 5_000]), rare: 1_000...random.pick([20_000, 400_000, 3_000_000]), rarity: stallRarity)
        loop = Delay(usual: 0...random.pick([5, 50]), rare: 100...20_000, rarity: 200)
        ledger = Delay(usual: 2...random.pick([100, 3_000, 30_000]), rare: 10_000...random.pick([50_000, 1_500_000]), rarity: 50)
        restart = Delay(usual: 1_000...200_000, rare: 200_000...2_500_000, rarity: 4)
        fragmentRarity = random.pick([2, 6, 1_000])
        socketBytes = random.pick([100, 400, 200_000, 200_000])
    }

    /// No more stalls.
    mutating func calmDown() {
        network.rare = network.usual
        loop.rare = loop.usual
        ledger.rare = ledger.usual
        restart.rare = restart.usual
    }
}
