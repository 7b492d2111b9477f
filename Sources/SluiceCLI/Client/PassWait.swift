import DesiredState
import Terminal

/// Waits until the controller has carried out a pass that was asked for.
struct PassWait: Sendable {
    let client: ControlClient
    let deadline: Duration
    var clock = ContinuousClock()

    /// The pass that will answer, as a ticket of the controller names it.
    static func pass(of ticket: JSONValue) throws -> Int {
        guard let pass = ticket["pass"]?.integer else {
            throw CommandFailure(.internalError, "the controller's answer is not understood")
        }
        return pass
    }

    /// Returns when the pass has come to its end, good or bad; throws with ``ExitStatus/timeout`` when it does not in time.
    ///
    /// - Parameter path: Kind and components of the object's name.
    func wait(for path: [String], pass: Int) async throws {
        let end = clock.now + deadline
        while clock.now < end {
            let state = try await client.get(["api", "v1", "tickets", String(pass)] + path).body
            if state["answered"]?.bool == true { return }
            try await clock.sleep(for: .milliseconds(100))
        }
        throw CommandFailure(
            .timeout, "the pass has not ended within \(ConfigurationDuration.format(deadline))",
            hint: "it goes on without you: sluice explain says how it stands", code: "client.timeout")
    }
}
