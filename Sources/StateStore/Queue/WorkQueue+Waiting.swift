extension WorkQueue {
    /// Returns when the pass that a ticket names has come to an end, good or bad; throws when the task is cancelled.
    ///
    /// - Parameters:
    ///   - interval: How often the queue is asked.
    ///   - clock: What the interval is measured with.
    public func waitUntilAnswered(
        _ ticket: WorkTicket, askingEvery interval: Duration = .milliseconds(200),
        clock: any Clock<Duration> = ContinuousClock()
    ) async throws {
        while try await !isAnswered(ticket) { try await clock.sleep(for: interval) }
    }
}
