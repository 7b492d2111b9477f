import DesiredState
import Diagnostics

/// Watches a deploy from outside: how long it takes and how much it stores. What runs inside cannot reach the watch.
///
/// Limits set inside the session are no protection: hostile SQL may change them, and may catch a cancel. When a limit is
/// passed, the sessions on the database are terminated by the administrator's connection, which nothing can catch.
struct DeployWatch: Sendable {
    let limits: CandidateLimits
    let clock: any Clock<Duration>
    /// How often the size is looked at.
    var interval: Duration = .seconds(1)
    /// The database's size in bytes.
    let size: @Sendable () async throws -> Int
    /// Ends every session on the database.
    let terminate: @Sendable () async throws -> Void

    private enum Finish<Value: Sendable>: Sendable {
        case ended(Result<Value, any Error>)
        case exceeded(SluiceError)
    }

    /// Runs `body` under the watch.
    ///
    /// - Throws: `candidate.deadline-exceeded`, `candidate.size-exceeded`, or what `body` throws.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Finish<Value>.self) { group in
            group.addTask {
                do { return .ended(.success(try await body())) } catch { return .ended(.failure(error)) }
            }
            group.addTask { .exceeded(try await exceeded()) }
            defer { group.cancelAll() }
            switch try await group.next() {
            case .ended(let result): return try result.get()
            case .exceeded(let error):
                try await terminate()
                throw error
            case nil: throw CancellationError()
            }
        }
    }

    /// Returns when a limit is passed, with the limit.
    private func exceeded() async throws -> SluiceError {
        var waited = Duration.zero
        while waited < limits.deadline {
            let step = min(interval, limits.deadline - waited)
            try await clock.sleep(for: step)
            waited += step
            let bytes = try await size()
            if bytes > limits.maxSize {
                return SluiceError(
                    "candidate.size-exceeded", .stalled,
                    "the database grew to \(bytes) bytes; the limit is \(limits.maxSize)",
                    hint: "load less data, or have spec.limits.maxSize of the registry raised")
            }
        }
        return SluiceError(
            "candidate.deadline-exceeded", .stalled, "the changelog was still running after \(limits.deadline)",
            hint: "make it faster, or have spec.limits.deadline of the registry raised")
    }
}
