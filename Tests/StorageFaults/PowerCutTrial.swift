/// The power fails, or the process is killed, at every moment of a recording.
package struct PowerCutTrial: CustomStringConvertible {
    /// What was wrong on the disks that were left, in words.
    package private(set) var violations: [String] = []
    /// At how many moments, and how many disks they left.
    private var moments = 0
    package private(set) var disks = 0

    /// - Parameters:
    ///   - step: how many events lie between two moments.
    ///   - inspect: gets how many events had happened and the disk that is left; returns what is wrong with it.
    package init(_ recording: DiskRecording, step: Int = 1, inspect: (Int, DiskState) async -> [String]) async {
        var state = recording.start
        for events in 0...recording.events.count {
            if events > 0 { state.apply(recording.events[events - 1]) }
            guard events % step == 0 else { continue }
            moments += 1
            for (name, survivor) in Self.survivors(of: state, at: events) {
                disks += 1
                violations += await inspect(events, survivor).map { "\(name) after \(events) events: \($0)" }
                // Other tests wait for things with a limit of time.
                await Task.yield()
            }
        }
    }

    package var description: String { "\(moments) moments, \(disks) disks that they left" }

    private static func survivors(of state: DiskState, at events: Int) -> [(String, DiskState)] {
        // A killed process leaves what it wrote, unsynced: a power cut may still take it from the next one.
        var survivors = [("killed", state)]
        guard !state.isSynced else { return survivors }
        survivors.append(("power cut that leaves nothing unsynced", DiskState(state.powerCut(.nothing))))
        survivors.append(("power cut that leaves everything", DiskState(state.powerCut(.everything))))
        for survival in Survival.random {
            for number in 0..<FaultEffort.survivors {
                let seed = FaultEffort.seed &+ UInt64(number) &* 1_000_003 &+ UInt64(events)
                survivors.append(
                    ("power cut that leaves some \(survival) by seed \(seed)", DiskState(state.powerCut(survival, seed: seed))))
            }
        }
        return survivors
    }
}
