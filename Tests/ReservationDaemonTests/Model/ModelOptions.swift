import Foundation

/// What a developer can ask of the model test by environment variables.
struct ModelOptions {
    /// `RESERVATION_MODEL_STEPS`.
    var steps = 100_000
    /// `RESERVATION_SEED`: of the first run; the runs after it have the seeds that follow.
    var seed = UInt64.random(in: 0...UInt64(UInt32.max))

    struct Unreadable: Error {
        var variable: String
    }

    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        if let text = environment["RESERVATION_MODEL_STEPS"] {
            guard let number = Int(text), number > 0 else { throw Unreadable(variable: "RESERVATION_MODEL_STEPS") }
            steps = number
        }
        if let text = environment["RESERVATION_SEED"] {
            guard let number = UInt64(text) else { throw Unreadable(variable: "RESERVATION_SEED") }
            seed = number
        }
    }
}
