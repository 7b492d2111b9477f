import DesiredState
import Diagnostics
import Forges
import GitClient
import Reconciliation
import StateStore
import Testing

@testable import ConfigRepository

@Suite struct ConfigurationPlanTests {
    /// What files with these registries say.
    private static func state(_ registries: [String], metadata: String = "", spec: String = "") throws -> DesiredState {
        let text =
            [ConfigWorld.forge, ConfigWorld.server]
            + registries.map { ConfigWorld.registry($0, metadata: metadata, spec: spec) }
        return try DesiredStateReader().read(
            files: [DesiredStateFile(path: "a.yaml", bytes: Array(text.joined(separator: "---\n").utf8))])
    }

    private static func inForce(_ state: DesiredState) -> [ResourceInForce] {
        state.resources.map { ResourceInForce($0) }
    }

    private static func head(_ state: DesiredState, _ id: String = "b", isRewritten: Bool = false)
        -> Result<ConfigurationObservation.Head, SluiceError>
    {
        .success(.init(revision: ConfigurationRevision(id), content: .success(state), isRewritten: isRewritten))
    }

    private static func names(_ count: Int) -> [String] { (0..<count).map { "r\($0 + 100)" } }

    /// The reason of the result, and what is applied.
    private func decide(
        _ seen: ConfigurationObservation, _ policy: ConfigurationPolicy = ConfigurationPolicy()
    ) -> (reason: String, applied: String?) {
        let plan = ConfigurationPlan.decide(seen, policy)
        let applied = plan.actions.compactMap { action -> String? in
            if case .apply(_, let delta, _) = action { delta.summary } else { nil }
        }
        return (plan.result.reason, applied.first)
    }

    @Test("Nothing is done about a head that is in force")
    func nothing() throws {
        let state = try Self.state(["land"])
        var seen = ConfigurationObservation(head: Self.head(state), inForce: Self.inForce(state), applied: "b")
        #expect(decide(seen) == ("InForce", nil))
        let plan = ConfigurationPlan.decide(seen, ConfigurationPolicy())
        for case .reportResult(let result) in plan.actions { seen.memory.reported = result.digest }
        #expect(ConfigurationPlan.decide(seen, ConfigurationPolicy()).actions.isEmpty)
    }

    @Test("What is made comes after what it depends on, and what goes leaves before it")
    func order() throws {
        let state = try Self.state(["land"])
        let made = ConfigurationDelta(from: [], to: state.resources)
        #expect(made.entries.map(\.key.description) == ["DatabaseServer/main", "Forge/local", "Registry/land"])
        let gone = ConfigurationDelta(from: Self.inForce(state), to: [])
        #expect(gone.entries.map(\.key.description) == ["Registry/land", "Forge/local", "DatabaseServer/main"])
        #expect(gone.entries.allSatisfy { $0.effect == .pruned })
    }

    @Test("A change names the fields that become others, defaults included")
    func fields() throws {
        let before = try Self.state(["land"])
        let after = try Self.state(["land"], metadata: "labels: {team: a}", spec: "limits: {deadline: 5m}")
        let delta = ConfigurationDelta(from: Self.inForce(before), to: after.resources)
        #expect(delta.summary == "1 changed")
        #expect(
            delta.entries.first?.fields == [
                FieldChange("spec.limits.deadline", from: "10m", to: "5m"),
                FieldChange("metadata.labels", from: nil, to: ["team": "a"]),
            ])
    }

    @Test("A resource that says so stays when it leaves, and is judged together with what comes")
    func kept() throws {
        let before = try Self.state(["land"], metadata: "annotations: {sluice.dev/prune: disabled}")
        let delta = ConfigurationDelta(from: Self.inForce(before), to: try Self.state([]).resources)
        #expect(delta.isEmpty)
        #expect(delta.kept.map(\.description) == ["Registry/land"])
        let error = #expect(throws: DiagnosticsError.self) {
            try DesiredStateReader().read(
                DesiredStateListing([DesiredStateFile(path: "a.yaml", bytes: Array(ConfigWorld.forge.utf8))]),
                beside: before.resources.filter(\.metadata.isKept))
        }
        #expect(
            error?.description
                == "Registry/land, in force: spec.server: there is no DatabaseServer \"main\"; "
                + "there is no DatabaseServer at all")
    }

    @Test("What a person applied does not go when a commit does not name it, and changes hands when it does")
    func hands() throws {
        let state = try Self.state(["land"])
        let byHand = Self.inForce(state).map {
            ResourceInForce(key: $0.key, spec: $0.spec, metadata: $0.metadata, manager: .person)
        }
        #expect(ConfigurationDelta(from: byHand, to: []).isEmpty)
        let taken = ConfigurationDelta(from: byHand, to: state.resources)
        #expect(taken.summary == "3 changed")
        #expect(taken.entries.allSatisfy { $0.fields.map(\.path) == ["metadata.managedBy"] })
    }

    @Test(
        "F-06: so many may go at a time, and never all",
        arguments: [(1, 0), (2, 1), (3, 2), (10, 2), (15, 3), (40, 8), (100, 10), (10_000, 10)])
    func guardAgainstMassDeletion(_ inForce: Int, _ allowed: Int) {
        #expect(ConfigurationPolicy().allowedDeletions(of: inForce) == allowed)
    }

    @Test("F-06: a commit from which more has gone than may go leaves everything as it is, until a person confirms")
    func deletionBudget() throws {
        let before = try Self.state(Self.names(20))
        let after = try Self.state(Self.names(15))
        var seen = ConfigurationObservation(head: Self.head(after), inForce: Self.inForce(before), applied: "a")
        #expect(decide(seen) == ("DeletionBudgetExceeded", nil))
        let message = ConfigurationPlan.decide(seen, ConfigurationPolicy()).result.message
        #expect(message.contains("5 of 22 resources would go, 4 may at a time"))
        #expect(message.contains("--confirm-deletions 5"))
        #expect(message.contains("revision a stays in force"))
        seen.confirmation.deletions = 4
        #expect(decide(seen) == ("DeletionBudgetExceeded", nil))
        seen.confirmation.deletions = 5
        #expect(decide(seen) == ("InForce", "5 pruned"))
    }

    @Test("F-06: an empty state goes nowhere by itself, however little is in force")
    func empty() throws {
        let seen = ConfigurationObservation(
            head: Self.head(.empty), inForce: [Self.inForce(try Self.state([]))[0]], applied: "a")
        #expect(decide(seen) == ("DeletionBudgetExceeded", nil))
    }

    @Test("Rewritten history waits for exactly the head that a person confirms, unless the policy is to follow it")
    func rewritten() throws {
        let state = try Self.state(["land"])
        var seen = ConfigurationObservation(
            head: Self.head(state, "b", isRewritten: true), inForce: [], applied: "a")
        #expect(decide(seen) == ("HistoryRewritten", nil))
        #expect(decide(seen, ConfigurationPolicy(rewrittenHistory: .apply)) == ("InForce", "3 created"))
        seen.confirmation.revision = "c"
        #expect(decide(seen) == ("HistoryRewritten", nil))
        seen.confirmation.revision = "b"
        #expect(decide(seen) == ("InForce", "3 created"))
    }

    @Test("A source that cannot be seen, and files with a mistake, leave the last good state in force and say so")
    func unreadable() throws {
        let state = try Self.state(["land"])
        var seen = ConfigurationObservation(
            head: .failure(SluiceError("git.repository-missing", .stalled, "there is no such repository")),
            inForce: Self.inForce(state), applied: "a")
        #expect(decide(seen) == ("SourceUnreadable", nil))
        seen.head = .success(
            .init(revision: ConfigurationRevision("b"), content: .failure(.init(["a.yaml:1:1: no", "a.yaml:2:1: no"]))))
        #expect(decide(seen) == ("Refused", nil))
        let result = ConfigurationPlan.decide(seen, ConfigurationPolicy()).result
        #expect(result.message == "a.yaml:1:1: no\na.yaml:2:1: no\nrevision a stays in force")
    }

    @Test("A candidate is judged against what is in force once the head is")
    func candidates() throws {
        let revision = try ObjectID(String(repeating: "c", count: 40))
        let proposal = ConfigurationObservation.Proposal(
            id: try CandidateID("7"), revision: revision, content: .success(try Self.state(["land", "water"])))
        var seen = ConfigurationObservation(
            head: Self.head(try Self.state(["land"])), inForce: [], proposals: .success([proposal]))
        func reports() -> [VerdictReport] {
            ConfigurationPlan.decide(seen, ConfigurationPolicy()).actions.compactMap { action in
                if case .judge(let report, _) = action { report } else { nil }
            }
        }
        let report = try #require(reports().first)
        #expect(report.verdict == .success)
        #expect(report.summary == "desired state: 1 created")
        #expect(report.body == "+ Registry/water is created")
        seen.memory.candidates["7"] = .init(report)
        #expect(reports().isEmpty)
    }

    @Test("F-05: candidates that cannot be listed are said to be so, and keep no commit from coming into force")
    func unlisted() throws {
        let seen = ConfigurationObservation(
            head: Self.head(try Self.state(["land"])), inForce: [],
            proposals: .failure(SluiceError("forge.list-incomplete", .transient, "the list is cut")))
        #expect(decide(seen) == ("CandidatesUnreadable", "3 created"))
        let plan = ConfigurationPlan.decide(seen, ConfigurationPolicy())
        #expect(plan.actions.contains { if case .apply = $0 { true } else { false } })
    }
}
