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
    /// Whatever ends it before its time ends its sessions too: what runs there may have closed its ears to a cancel.
    ///
    /// - Throws: `candidate.deadline-exceeded`, `candidate.size-exceeded`, or what `body` throws.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Finish<Value>.self) { group in
            group.addTask {
                do { return .ended(.success(try await body())) } catch { return .ended(.failure(error)) }
            }
            group.addTask { .exceeded(try await exceeded()) }
            defer { group.cancelAll() }
            let finish: Finish<Value>
            do {
                guard let first = try await group.next() else { throw CancellationError() }
                finish = first
            } catch {
                // The watch itself was cancelled or could not see: then nothing runs unwatched.
                try? await terminateSurely()
                throw error
            }
            switch finish {
            case .ended(let result):
                let value = try result.get()
                if let error = try await sizeExceeded() { throw error }
                return value
            case .exceeded(let error):
                try await terminateSurely()
                throw error
            }
        }
    }

    /// Terminates also when the task is cancelled.
    private func terminateSurely() async throws { try await Task { try await terminate() }.value }

    /// Returns when a limit is passed, with the limit.
    private func exceeded() async throws -> SluiceError {
        var waited = Duration.zero
        while waited < limits.deadline {
            let step = min(interval, limits.deadline - waited)
            try await clock.sleep(for: step)
            waited += step
            if let error = try await sizeExceeded() { return error }
        }
        return SluiceError(
            "candidate.deadline-exceeded", .stalled, "the changelog was still running after \(limits.deadline)",
            hint: "make it faster, or have spec.limits.deadline of the registry raised")
    }

    private func sizeExceeded() async throws -> SluiceError? {
        let bytes = try await size()
        guard bytes > limits.maxSize else { return nil }
        // No exact number: the same content gives the same text.
        return SluiceError(
            "candidate.size-exceeded", .stalled, "the database grew to more than \(limits.maxSize) bytes",
            hint: "load less data, or have spec.limits.maxSize of the registry raised")
    }
}
