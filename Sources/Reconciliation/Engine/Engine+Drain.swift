import StateStore

extension Engine {
    /// Carries out everything that is due, one key after another, until nothing is; then returns how many passes that
    /// were. For tests, which get the same order each time, and for commands that do one thing and exit.
    ///
    /// Keys whose time has not come are left waiting. Throws what the store throws, ``SimulatedCrash`` when a failpoint did,
    /// and `CancellationError`.
    ///
    /// - Parameter limit: How many passes at most, should keys keep enqueueing each other.
    @discardableResult
    public func drain(limit: Int = 10_000) async throws -> Int {
        try life.check()
        try await registerSweeps()
        try await recover()
        for passes in 0..<limit {
            try Task.checkCancellation()
            guard let lease = try await claimInAnyLane() else { return passes }
            try await carryOut(lease)
        }
        return limit
    }

    private func claimInAnyLane() async throws -> Lease? {
        for lane in Lane.allCases {
            if let lease = try await claim(in: lane) { return lease }
        }
        return nil
    }
}
