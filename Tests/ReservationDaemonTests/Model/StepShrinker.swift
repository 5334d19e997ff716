/// Makes a failing sequence short and plain: leaves out stretches, then single steps and pairs of them, simplifies what is left, and puts
/// one plain step in the place of two, as long as it still fails.
///
/// It need not fail in the same way: any disagreement is worth a look, and the shortest is the easiest to look at.
struct StepShrinker {
    /// - Returns: the step that fails, from 0; nil for a sequence that does not.
    let failingStep: ([ModelStep]) throws -> Int?
    /// Tries before it settles for what it has.
    var patience = 6_000
    /// Of which it is known that they do not fail.
    private var harmless: Set<[ModelStep]> = []

    init(failingStep: @escaping ([ModelStep]) throws -> Int?) {
        self.failingStep = failingStep
    }

    mutating func shrink(_ steps: [ModelStep]) throws -> [ModelStep] {
        var best = steps
        var before: [ModelStep] = []
        // Leaving a part out may make another one superfluous that was needed before.
        while best != before && patience > 0 {
            before = best
            best = try withoutStretches(best)
            best = try withoutPairs(best)
            best = try simplified(best)
            // Last, since it takes many tries.
            if best == before { best = try withOneForTwo(best) }
            if best == before { best = try withoutOneForAPlainerOne(best) }
        }
        return best
    }

    private mutating func withoutStretches(_ steps: [ModelStep]) throws -> [ModelStep] {
        var best = steps
        var stretch = max(1, best.count / 2)
        while true {
            var start = 0
            while start < best.count {
                var shorter = best
                shorter.removeSubrange(start..<min(best.count, start + stretch))
                if let failing = try tried(shorter) { best = failing } else { start += stretch }
            }
            if stretch == 1 { return best }
            stretch = max(1, min(stretch, best.count) / 2)
        }
    }

    /// Two steps may be needed only for each other: a restart, and the fault that calls for it.
    private mutating func withoutPairs(_ steps: [ModelStep]) throws -> [ModelStep] {
        try shortened(steps) { shrinker, steps, first, second in
            var shorter = steps
            shorter.remove(at: second)
            shorter.remove(at: first)
            return try shrinker.tried(shorter)
        }
    }

    /// Steps that each make a little of what a later one needs, a place here and a ticket there, cannot be left out one by one.
    private mutating func withOneForTwo(_ steps: [ModelStep]) throws -> [ModelStep] {
        try shortened(steps) { shrinker, steps, first, second in try shrinker.withPlainStep(for: first, and: second, of: steps) }
    }

    /// As short as it gets by `shorter`, which is asked of each pair of steps.
    private mutating func shortened(
        _ steps: [ModelStep], by shorter: (inout Self, [ModelStep], Int, Int) throws -> [ModelStep]?
    ) throws -> [ModelStep] {
        var best = steps
        var first = 0
        while first < best.count {
            var second = first + 1
            while second < best.count {
                if let failing = try shorter(&self, best, first, second) {
                    best = failing
                    second = first + 1
                } else {
                    second += 1
                }
            }
            first += 1
        }
        return best
    }

    private mutating func withPlainStep(for first: Int, and second: Int, of steps: [ModelStep]) throws -> [ModelStep]? {
        let both = steps[first].joined(with: steps[second]).map { [$0] } ?? []
        for plain in both + ModelStep.providing where plain != steps[first] && plain != steps[second] {
            var shorter = steps
            shorter[first] = plain
            shorter.remove(at: second)
            if let failing = try tried(shorter) { return failing }
        }
        return nil
    }

    /// A step may be needed only for what another one need not be.
    private mutating func withoutOneForAPlainerOne(_ steps: [ModelStep]) throws -> [ModelStep] {
        for plainer in steps.indices {
            for candidate in steps[plainer].simpler {
                for left in steps.indices where left != plainer {
                    var shorter = steps
                    shorter[plainer] = candidate
                    shorter.remove(at: left)
                    if let failing = try tried(shorter) { return failing }
                }
            }
        }
        return steps
    }

    private mutating func simplified(_ steps: [ModelStep]) throws -> [ModelStep] {
        var best = steps
        var index = 0
        while index < best.count {
            var simpler = best[index].simpler[...]
            while let candidate = simpler.popFirst() {
                var changed = best
                changed[index] = candidate
                guard let failing = try tried(changed), index < failing.count else { continue }
                best = failing
                simpler = best[index].simpler[...]
            }
            index += 1
        }
        return best
    }

    /// - Returns: the steps up to the failing one.
    private mutating func tried(_ steps: [ModelStep]) throws -> [ModelStep]? {
        guard patience > 0, !steps.isEmpty, !harmless.contains(steps) else { return nil }
        patience -= 1
        if let failing = try failingStep(steps) { return Array(steps.prefix(failing + 1)) }
        harmless.insert(steps)
        return nil
    }
}
