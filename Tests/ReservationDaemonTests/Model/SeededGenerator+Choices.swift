import SeededRandom

extension SeededGenerator {
    /// A number from 0 up to, not including, `limit`.
    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    /// True once in about `times` times.
    mutating func once(in times: Int) -> Bool { below(times) == 0 }

    mutating func one<Element>(of choices: [Element]) -> Element { choices[below(choices.count)] }
}
