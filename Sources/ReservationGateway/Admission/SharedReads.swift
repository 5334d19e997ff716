import Synchronization

/// Lets equal questions that are asked at the same time be answered together.
///
/// A calendar month is asked for by everybody at once, and reading it is a hundred times dearer than handing it out. So whoever asks while
/// the same question is on its way waits for the *next* reading, which one of those who wait begins for all of them. Nobody is given what was
/// read before they asked: somebody who has just reserved sees the place taken. There is no timer and nothing is kept; a lone question is
/// asked at once.
final class SharedReads<Question: Hashable & Sendable, Answer: Sendable>: Sendable {
    private enum Turn: Sendable {
        case answer(Answer)
        /// Ask for yourself and for those who wait with you.
        case lead
    }

    private struct Round {
        /// They get the answer that is on its way: they asked before it was read.
        var followers: [CheckedContinuation<Turn, Never>] = []
        /// They came while it was.
        var late: [CheckedContinuation<Turn, Never>] = []
    }

    private let rounds = Mutex<[Question: Round]>([:])

    /// - Parameters:
    ///   - isOutage: whether the answer is that there is none; it is told to those who came late as well, so that nobody waits through one
    ///     deadline after another.
    ///   - read: asks; called once for all who share the answer.
    func answer(to question: Question, isOutage: (Answer) -> Bool, read: () async -> Answer) async -> Answer {
        if case .answer(let answer) = await turn(question) { return answer }
        let answer = await read()
        let (served, leader) = finish(question, sharesWithLate: isOutage(answer))
        for follower in served { follower.resume(returning: .answer(answer)) }
        leader?.resume(returning: .lead)
        return answer
    }

    /// How many wait for an answer that somebody else asks for.
    func waiting(for question: Question) -> Int {
        rounds.withLock { rounds in rounds[question].map { $0.followers.count + $0.late.count } ?? 0 }
    }

    private func turn(_ question: Question) async -> Turn {
        // Most questions are alone, and then nothing need be suspended.
        let isFirst = rounds.withLock { rounds in
            if rounds[question] != nil { return false }
            rounds[question] = Round()
            return true
        }
        if isFirst { return .lead }
        return await withCheckedContinuation { continuation in
            let leads = rounds.withLock { rounds in
                guard rounds[question] != nil else {
                    rounds[question] = Round()
                    return true
                }
                rounds[question]?.late.append(continuation)
                return false
            }
            if leads { continuation.resume(returning: .lead) }
        }
    }

    private func finish(
        _ question: Question, sharesWithLate: Bool
    ) -> (served: [CheckedContinuation<Turn, Never>], leader: CheckedContinuation<Turn, Never>?) {
        rounds.withLock { rounds in
            guard let round = rounds.removeValue(forKey: question) else { return ([], nil) }
            if sharesWithLate { return (round.followers + round.late, nil) }
            guard let leader = round.late.first else { return (round.followers, nil) }
            rounds[question] = Round(followers: Array(round.late.dropFirst()))
            return (round.followers, leader)
        }
    }
}
