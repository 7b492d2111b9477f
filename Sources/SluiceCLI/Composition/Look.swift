import Diagnostics
import NIOConcurrencyHelpers

/// A look at a place that may hang for good.
///
/// Nobody waits for one that was given up: resolving a name, for one, cannot be cancelled.
enum Look {
    private struct State<Value: Sendable> {
        var waiter: CheckedContinuation<Result<Value, SluiceError>, Never>?
        var result: Result<Value, SluiceError>?
    }

    /// What a look ends in within a time.
    static func result<Value: Sendable>(
        of look: @escaping @Sendable () async throws -> Value, within limit: Duration
    ) async -> Result<Value, SluiceError> {
        let state = NIOLockedValueBox(State<Value>())
        // The first result counts.
        let settle: @Sendable (Result<Value, SluiceError>) -> Void = { result in
            let waiter = state.withLockedValue { state in
                guard state.result == nil else { return nil as CheckedContinuation<Result<Value, SluiceError>, Never>? }
                state.result = result
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: result)
        }
        let looking = Task { @concurrent in
            do { settle(.success(try await look())) } catch { settle(.failure(SluiceError(wrapping: error))) }
        }
        let waiting = Task { @concurrent in
            guard (try? await ContinuousClock().sleep(for: limit)) != nil else { return }
            settle(.failure(SluiceError("doctor.no-answer", .transient, "there was no answer within \(limit)")))
        }
        let result = await withCheckedContinuation { continuation in
            let known = state.withLockedValue { state in
                if state.result == nil { state.waiter = continuation }
                return state.result
            }
            if let known { continuation.resume(returning: known) }
        }
        looking.cancel()
        waiting.cancel()
        return result
    }
}
