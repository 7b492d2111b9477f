import PostgresClient

/// Asks the books, on a new session, how a transaction ended whose own session was lost.
struct OutcomeInquiry {
    let configuration: PostgresConfiguration
    /// The lost session, as a condition on `pg_stat_activity`.
    let session: String
    /// A query whose answer is true when the transaction was committed.
    let evidence: String

    /// Whether it was committed; nil when nobody can be asked, or the lost session is still at work.
    func answer() async -> Bool? {
        var next = Duration.milliseconds(20)
        let deadline = ContinuousClock.now + Self.patience
        while !Task.isCancelled, ContinuousClock.now < deadline {
            if let answer = try? await ask(until: deadline) { return answer }
            // A server that was stopped may be back soon.
            try? await Task.sleep(for: next)
            next = min(next * 2, .seconds(1))
        }
        return nil
    }

    private func ask(until deadline: ContinuousClock.Instant) async throws -> Bool? {
        let connection = try await PostgresConnection.open(configuration)
        do {
            var answer: Bool?
            repeat {
                // The server may not have noticed yet that its client is gone, and commit a moment later.
                let alive = "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE \(session)"
                if try await connection.execute(alive).single().int(0) == 0 {
                    answer = try await connection.execute(evidence).single().bool(0)
                } else {
                    try await Task.sleep(for: .milliseconds(50))
                }
            } while answer == nil && ContinuousClock.now < deadline
            await connection.close()
            return answer
        } catch {
            await connection.close()
            throw error
        }
    }

    private static let patience = Duration.seconds(8)
}
