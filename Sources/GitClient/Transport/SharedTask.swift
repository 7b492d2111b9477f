extension Task where Failure == any Error {
    /// What the task ends in, for one of several who wait for it: whoever is cancelled waits no longer, and the task goes on for the
    /// others.
    public func sharedValue() async throws -> Success {
        let (results, continuation) = AsyncThrowingStream<Success, any Error>.makeStream()
        _ = Task<Void, Never> {
            do {
                continuation.yield(try await value)
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        for try await result in results { return result }
        throw _Concurrency.CancellationError()
    }
}
