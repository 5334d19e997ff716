import SeededRandom

extension SeededGenerator {
    /// A number within `range`. The bias of a remainder does not matter here, its speed does.
    mutating func draw(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// True once in about `count` times.
    mutating func isOne(in count: Int) -> Bool { next() % UInt64(count) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[draw(0...elements.count - 1)] }
}
