import Terminal

/// Looks at the real world again and again until it shows what is told, and fails the demonstration when it never does.
enum Patience {
    /// How long anything may take to be seen. A step takes a second or two; a busy machine takes longer.
    static let limit = Duration.seconds(180)

    /// Waits until something is seen.
    static func wait<Value: Sendable>(
        for what: String, _ look: () async throws -> Value?
    ) async throws -> Value {
        let clock = ContinuousClock()
        let end = clock.now + limit
        while clock.now < end {
            if let value = try await look() { return value }
            try await clock.sleep(for: .milliseconds(50))
        }
        throw CommandFailure(
            .timeout, "the demonstration waited \(Int(limit / .seconds(1))) seconds for \(what), in vain",
            code: "demo.not-seen")
    }
}
