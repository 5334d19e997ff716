import Synchronization

/// Runs a task on the calling thread, so that an asynchronous function can be fuzzed like any other.
final class InlineExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    /// - Throws: a finding when the function waits for something outside the task, and what it throws itself.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let executor = InlineExecutor()
        let outcome = Outcome<Value>()
        Task(executorPreference: executor) {
            do {
                outcome.result.withLock { [value = try await body()] result in result = .success(value) }
            } catch {
                outcome.result.withLock { result in result = .failure(error) }
            }
        }
        while let job = executor.jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
            job.runSynchronously(on: executor.asUnownedTaskExecutor())
        }
        guard let result = outcome.result.withLock({ $0 }) else { throw Finding("an answer comes without waiting for anything") }
        return try result.get()
    }

    private final class Outcome<Value: Sendable>: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }
}
