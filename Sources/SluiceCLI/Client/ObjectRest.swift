import DesiredState
import Terminal

/// Waits until an object has answered and takes no further step by itself.
struct ObjectRest: Sendable {
    let client: ControlClient
    let kind: ResourceKind
    let name: String
    let deadline: Duration
    var clock = ContinuousClock()

    /// The object at rest; null when it is gone.
    func wait(after pass: Int) async throws -> JSONValue {
        let end = clock.now + deadline
        try await PassWait(client: client, deadline: deadline).wait(for: [kind.rawValue, name], pass: pass)
        while clock.now < end {
            let object: JSONValue
            do {
                object = try await client.get(["api", "v1", "resources", kind.rawValue, name]).body
            } catch let failure as CommandFailure where failure.status == .notFound {
                return .null
            }
            let reconciling = ResourceView.condition("Reconciling", of: object)
            // What waits for its window, a deploy or a person, waits for hours or days.
            let isWaiting = ["WindowNotOpen", "NotArrivedYet", "Refused", "CoolingDown"].contains(
                reconciling?["reason"]?.string)
            if isWaiting || reconciling?["status"]?.string != "True" { return object }
            try await clock.sleep(for: .milliseconds(200))
        }
        let word = KindName.word(kind.rawValue)
        throw CommandFailure(
            .timeout, "the \(word) has not come to rest within \(ConfigurationDuration.format(deadline))",
            hint: "it goes on without you: sluice \(word) show \(name.oneLine)", code: "client.timeout")
    }
}
