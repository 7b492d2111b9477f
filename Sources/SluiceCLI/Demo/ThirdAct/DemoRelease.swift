import DesiredState
import Terminal

/// What people ask of releases in the third act, as `sluice release` asks it, and what is seen of them.
struct DemoRelease: Sendable {
    let client: ControlClient
    let narrator: Narrator

    /// Takes a release in.
    @discardableResult
    func create(_ name: String, from source: String, title: String, by actor: String) async throws -> JSONValue {
        let batches = SampleControlRepository.batches
        try narrator.command(
            "sluice release create \(name) --repository \(SampleControlRepository.name) --source \(source) "
                + batches.map { "--batch \($0.joined(separator: ","))" }.joined(separator: " ") + " --operator bob")
        let spec: JSONValue = [
            "repository": .string(SampleControlRepository.name), "source": .string(source), "title": .string(title),
            "operators": ["bob"],
            "batches": .array(batches.map { ["zones": .array($0.map { .string($0) })] }),
        ]
        let ticket = try await client.post(
            ["api", "v1", "releases"], body: ["name": .string(name), "actor": .string(actor), "spec": spec]
        ).body
        return try await rest(of: name, ticket)
    }

    /// Asks something of it, and gives the release when it has come to rest.
    @discardableResult
    func ask(
        _ command: String, of name: String, by actor: String, _ details: [String: JSONValue] = [:], shown: String = ""
    ) async throws -> JSONValue {
        try narrator.command("sluice release \(command) \(name)\(shown) --as \(actor)")
        let body = JSONValue.object(details.merging(["actor": .string(actor)]) { first, _ in first })
        let ticket = try await client.post(["api", "v1", "releases", name, command], body: body).body
        return try await rest(of: name, ticket)
    }

    /// Shows the walk.
    func show(_ release: JSONValue) throws {
        for line in ReleaseView.walk(of: release, isWide: false).lines() { try narrator.show(line) }
    }

    /// What the rehearsal says of each branch.
    func verdicts(_ release: JSONValue) -> [String: String] { targets(release, "verdict") }

    /// What became of each branch.
    func results(_ release: JSONValue) -> [String: String] { targets(release, "result") }

    /// The branches of the control repository that have drifted, after a look now.
    func drifted() async throws -> JSONValue {
        let path = [ResourceKind.controlRepository.rawValue, SampleControlRepository.name]
        let ticket = try await client.post(["api", "v1", "resources"] + path + ["reconcile"]).body
        let wait = PassWait(client: client, deadline: Patience.limit)
        try await wait.wait(for: path, pass: try PassWait.pass(of: ticket))
        return try await client.get(["api", "v1", "resources"] + path).body
    }

    private func targets(_ release: JSONValue, _ field: String) -> [String: String] {
        let targets = (release["status"]?["steps"]?.array ?? []).flatMap { $0["targets"]?.array ?? [] }
        return Dictionary(
            targets.map { ($0["branch"]?.string ?? "", $0[field]?.string ?? "") },
            uniquingKeysWith: { first, _ in first })
    }

    private func rest(of name: String, _ ticket: JSONValue) async throws -> JSONValue {
        try await ObjectRest(client: client, kind: .release, name: name, deadline: Patience.limit).wait(
            after: try PassWait.pass(of: ticket))
    }
}
