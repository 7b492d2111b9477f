import ConfigRepository
import DesiredState
import Diagnostics
import StateStore
import StateStoreSupport
import TestSupport
import Testing
import Webhooks

@testable import SluiceCLI

private let manifests = """
    apiVersion: sluice.dev/v1alpha1
    kind: Forge
    metadata: {name: gitlab}
    spec:
      type: gitlab
      gitlab: {url: "https://gitlab.example.org", token: {environment: TOKEN}}
      webhook: {secrets: [{environment: NEW}, {environment: OLD}]}
    ---
    apiVersion: sluice.dev/v1alpha1
    kind: Forge
    metadata: {name: gerrit}
    spec:
      type: gerrit
      gerrit: {url: "https://gerrit.example.org", user: sluice, password: {environment: TOKEN}}
    ---
    apiVersion: sluice.dev/v1alpha1
    kind: Forge
    metadata: {name: folder}
    spec: {type: local, local: {path: /srv/git}}
    ---
    apiVersion: sluice.dev/v1alpha1
    kind: DatabaseServer
    metadata: {name: main}
    spec: {embedded: {}}
    \(registry("land", "gitlab", "registries/land"))
    \(registry("land-too", "gitlab", "Registries/Land", branch: "dev"))
    \(registry("landing", "gitlab", "registries/landing"))
    \(registry("regulations", "gerrit", "registry-regulations"))
    \(registry("other-case", "gerrit", "Registry-Regulations"))
    \(registry("here", "folder", "registries/land"))
    ---
    apiVersion: sluice.dev/v1alpha1
    kind: ControlRepository
    metadata: {name: puppet}
    spec: {forge: folder, project: puppet/control, stages: [uat], zones: {patterns: ["zone*"]}}
    \(release("edge"))
    \(release("old"))
    """

private func release(_ name: String) -> String {
    """
    ---
    apiVersion: sluice.dev/v1alpha1
    kind: Release
    metadata: {name: \(name)}
    spec: {repository: puppet, source: \(name), title: \(name), operators: [bob], batches: [{zones: [zone01]}]}
    """
}

private func registry(_ name: String, _ forge: String, _ project: String, branch: String = "master") -> String {
    """
    ---
    apiVersion: sluice.dev/v1alpha1
    kind: Registry
    metadata: {name: \(name)}
    spec:
      forge: \(forge)
      project: \(project)
      branch: \(branch)
      server: main
      databasePrefix: x-\(name)-dev-
      changelogs: [{path: a/main.xml}]
    """
}

private func routing(
    _ origin: DesiredStateOrigin? = nil, resting: Set<ResourceKey> = []
) throws -> DeliveryRouting {
    let files = [DesiredStateFile(path: "all.yaml", bytes: Array(manifests.utf8))]
    let state = StateInForce(
        try DesiredStateReader().read(files: files).resources.map { ResourceInForce(key: $0.key, spec: $0.spec.json) })
    return DeliveryRouting(state: state, origin: origin, resting: resting) { $0.replacing("/link/", with: "/srv/") }
}

private func waiting(
    _ source: String, _ scheme: String, _ body: String?, event: String? = nil, hint: JSONValue = .null
) -> WaitingDelivery {
    WaitingDelivery(
        id: 1, source: source, scheme: scheme, event: event, body: body.map { Array($0.utf8) }, hint: hint)
}

extension DeliveryDecision {
    fileprivate var names: [String] { wishes.map(\.key.name) }
}

@Suite("What a webhook leads to")
struct DeliveryRoutingTests {
    @Test(
        "The registries of exactly the named project on exactly the forge that sent it are looked at",
        arguments: [
            ("gitlab", RecordedPayload.gitlabPush, ["land", "land-too"]),
            ("gitlab", .gitlabMergeRequest, ["land", "land-too"]), ("gitlab", .gitlabNote, []),
            ("gerrit", .gerritPatchset, ["regulations"]), ("gerrit", .gerritRefUpdated, ["regulations"]),
            ("gone", .gitlabPush, []),
        ])
    func registries(source: String, payload: RecordedPayload, expected: [String]) throws {
        let scheme = payload.rawValue.hasPrefix("gerrit") ? "gerrit" : "gitlab"
        let decision = try routing().decide(waiting(source, scheme, payload.text, event: payload.event))
        #expect(decision.names == expected)
        #expect(decision.outcome == (expected.isEmpty ? .ignored : .queued))
    }

    @Test("A repository of this machine is named by its project, or by a path that leads to it")
    func local() throws {
        let routing = try routing()
        #expect(routing.decide(waiting("local", "local", #"{"project":"registries/land"}"#)).names.contains("here"))
        for path in ["/srv/git/registries/land.git", "/link/git/registries/land.git"] {
            #expect(routing.decide(waiting("local", "local", "{\"repository\":\"\(path)\"}")).names == ["here"])
        }
        #expect(routing.decide(waiting("local", "local", #"{"repository":"/srv/git/registries/lan"}"#)).names == [])
        #expect(routing.decide(waiting("local", "local", "[]")).outcome == .unreadable)
    }

    @Test("A push to a control repository wakes it and its releases, but those that are over")
    func releases() throws {
        let push = waiting("local", "local", #"{"project":"puppet/control"}"#)
        #expect(try routing().decide(push).names == ["puppet", "edge", "old"])
        let over = ResourceKey(kind: ResourceKind.release.rawValue, name: "old")
        #expect(try routing(resting: [over]).decide(push).names == ["puppet", "edge"])
    }

    @Test(
        "The repository of desired state is known by its address, by its project on its forge, or by its path",
        arguments: ["https://gitlab.example.org/registries/land.git", "git@gitlab.example.org:registries/land"])
    func configuration(address: String) throws {
        func place(_ address: String) -> ConfigRepositoryPlace {
            ConfigRepositoryPlace(address: address, branch: "main", path: "")
        }
        let routing = try SluiceCLITests.routing(.repository(place(address)))
        let decision = routing.decide(waiting("gitlab", "gitlab", RecordedPayload.gitlabPush.text))
        #expect(decision.wishes.map(\.key).contains(Configuration.key))
        let other = routing.decide(waiting("gerrit", "gerrit", RecordedPayload.gerritPatchset.text))
        #expect(!other.wishes.map(\.key).contains(Configuration.key))
        var onForge = place("Registries/land")
        let forge = try #require(routing.state.forges["gitlab"])
        onForge.forge = Resource(
            metadata: ResourceMetadata(name: "config-forge"), spec: forge, location: SourceLocation(file: "forge.yaml"))
        let named = try SluiceCLITests.routing(.repository(onForge))
        let push = RecordedPayload.gitlabPush.text
        #expect(named.decide(waiting("config-forge", "gitlab", push)).wishes.map(\.key) == [Configuration.key])
        #expect(!named.decide(waiting("gitlab", "gitlab", push)).wishes.map(\.key).contains(Configuration.key))
        let here = try SluiceCLITests.routing(.repository(place("/srv/git/config.git")))
        #expect(here.decide(waiting("local", "local", #"{"repository":"/srv/git/config.git"}"#)).names.count == 1)
        #expect(here.decide(waiting("local", "local", #"{"project":"config"}"#)).names.count == 1)
    }

    @Test("What was handled before is handled again by its hint, without its body")
    func again() throws {
        let routing = try routing()
        let first = routing.decide(waiting("gitlab", "gitlab", RecordedPayload.gitlabPush.text))
        #expect(first.hint != .null)
        let second = routing.decide(waiting("gitlab", "gitlab", nil, hint: first.hint))
        #expect(second == first)
        #expect(routing.decide(waiting("gitlab", "gitlab", nil)).outcome == .unreadable)
    }

    @Test("B-05 Every mutation of a recorded payload is decided about", arguments: RecordedPayload.allCases)
    func mutations(payload: RecordedPayload) throws {
        let routing = try routing()
        for mutant in try PayloadMutation.all(of: payload.text) {
            for scheme in ["github", "gitlab", "gitee", "gerrit", "local", "?"] where payload.rawValue.hasPrefix(scheme)
            {
                let decision = routing.decide(waiting(scheme, scheme, mutant.text, event: payload.event))
                #expect(decision.outcome != .waiting)
            }
        }
    }

    @Test("F-07 Every webhook ten times and shuffled leads to what every webhook once leads to")
    func duplicates() async throws {
        let routing = try routing()
        let payloads = [RecordedPayload.gitlabPush, .gitlabMergeRequest, .gerritPatchset, .gerritMerged]
        try await withStore { store in
            let intake = DeliveryIntake(pool: store.pool)
            var random = SeededGenerator(seed: 1)
            let sent = (0..<10).flatMap { _ in payloads }.shuffled(using: &random)
            try await withThrowingDiscardingTaskGroup { group in
                for payload in sent {
                    let source = payload.rawValue.hasPrefix("gerrit") ? "gerrit" : "gitlab"
                    let delivery = NewDelivery(
                        source: source, key: payload.rawValue, scheme: source, event: payload.event, headers: [:],
                        digest: "", size: payload.text.utf8.count, body: Array(payload.text.utf8))
                    group.addTask { _ = try await intake.keep(delivery) }
                }
                // One beside them: each that looks counts as an attempt, of which a delivery has five.
                group.addTask { for _ in sent { _ = try await store.deliveries.handleWaiting(routing.decide) } }
            }
            while try await store.deliveries.handleWaiting(routing.decide) > 0 {}
            #expect(try await store.deliveries.list().elements.allSatisfy { $0.outcome == .queued && $0.repeats == 9 })
            #expect(try await store.queue.census() == [.observe: [.waiting: 3]])
        }
    }
}

@Suite("Who may send webhooks")
struct WebhookSchemeTests {
    @Test("Each kind of forge has its own proof, and a folder of repositories sends none")
    func schemes() throws {
        let state = try routing().state
        #expect(state.forges["gitlab"].flatMap { WebhookScheme($0.host) } == .gitlab)
        #expect(state.forges["gerrit"].flatMap { WebhookScheme($0.host) } == .gerrit)
        #expect(state.forges["folder"].flatMap { WebhookScheme($0.host) } == nil)
    }
}
