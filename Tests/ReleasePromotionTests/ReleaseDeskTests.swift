import DesiredState
import Diagnostics
import Foundation
import GitClient
import Testing

@testable import ReleasePromotion

@Suite("The desk where people ask")
struct ReleaseDeskTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let tree = String(repeating: "a", count: 40)
    private static let rules = ControlRepositorySpec(
        forge: "local", project: "p", stages: ["uat", "production"], zones: ZoneSelection(patterns: ["zone*"]),
        approvals: ApprovalRules(required: 1, approvers: ["dora", "alice"]))

    private static func spec(
        target: ReleaseTarget = .draft, approved: Bool = true, requestedBy: String? = nil, window: ReleaseWindow? = nil
    ) -> ReleaseSpec {
        ReleaseSpec(
            repository: "puppet", source: "new", title: "New", applicant: "alice",
            batches: [ReleaseBatch(zones: ["zone01"]), ReleaseBatch(zones: ["zone02"])], window: window,
            operators: ["bob", "carol"], approvals: approved ? [ReleaseApproval(by: "dora", tree: tree)] : [],
            target: target, requestedBy: requestedBy)
    }

    /// A status in which the first steps have the release.
    private static func status(merged: Int = 0, verdict: RehearsalVerdict = .clean) throws -> ReleaseStatus {
        let branches = ["uat", "production", "zone01", "zone02"]
        let id = try ObjectID(tree)
        var heads: [String: ObjectID] = [:]
        for branch in branches { heads[branch] = id }
        let trial = BranchRehearsal.Trial(
            verdict: verdict, head: id, source: id, result: id,
            changes: verdict == .nothingToDo ? [] : [FileChange(path: "Puppetfile", status: .modified)])
        let walk = Walk(
            stages: ["uat", "production"], batches: [["zone01"], ["zone02"]], heads: heads,
            merges: heads.filter { branches.prefix(merged).contains($0.key) })
        let steps = walk.steps.map { step in
            Rehearsal.Step(id: step.id, branches: step.branches.map { .init(branch: $0, outcome: .tried(trial)) })
        }
        return ReleaseStatus(
            ReleaseObservation(
                release: ReleaseName(repository: "puppet", release: "new"), spec: spec(), rules: rules, now: now,
                source: .init(commit: id, tree: id), walk: walk, rehearsal: Rehearsal(steps: steps)))
    }

    private func ask(
        _ command: ReleaseCommand, by actor: String, _ spec: ReleaseSpec = Self.spec(), merged: Int = 0,
        verdict: RehearsalVerdict = .clean, at now: Date = Self.now
    ) throws -> Result<ReleaseSpec, SluiceError> {
        let status = try Self.status(merged: merged, verdict: verdict)
        return Result { () throws(SluiceError) in
            try ReleaseDesk.decide(command, by: actor, on: spec, Self.rules, status: status, at: now)
        }
    }

    private func refusal(_ result: Result<ReleaseSpec, SluiceError>) -> String? {
        if case .failure(let error) = result { error.code.rawValue } else { nil }
    }

    @Test("An operator has a release promoted, and is recorded; an emergency of before does not hold for it")
    func promote() throws {
        let next = try ask(.promote(to: .batch(1)), by: "bob").get()
        #expect(next.target == .batch(1))
        #expect(next.requestedBy == "bob")
        #expect(next.emergency == nil)
        #expect(next.approvals == Self.spec().approvals)
    }

    @Test("What somebody may not ask is refused by name")
    func refusals() throws {
        let tree = try ObjectID(Self.tree)
        let other = try ObjectID(String(repeating: "b", count: 40))
        for (result, code) in [
            (try ask(.promote(to: .complete), by: "alice"), "release.not-an-operator"),
            (try ask(.promote(to: .complete), by: "bob", Self.spec(approved: false)), "release.not-approved"),
            (try ask(.promote(to: .stage("dev")), by: "bob"), "release.target-unknown"),
            (try ask(.promote(to: .batch(3)), by: "bob"), "release.target-unknown"),
            (try ask(.promote(to: .draft), by: "bob"), "release.target-unknown"),
            (try ask(.promote(to: .stage("uat")), by: "bob", merged: 3), "release.beyond-target"),
            (try ask(.promote(to: .complete), by: "bob", Self.spec(target: .rolledBack)), "release.was-rolled-back"),
            (try ask(.rollback, by: "bob"), "release.nothing-to-roll-back"),
            (try ask(.rollback, by: "dora", merged: 1), "release.not-an-operator"),
            (try ask(.cancel, by: "bob", merged: 1), "release.still-merged"),
            (try ask(.cancel, by: "mallory"), "release.not-an-operator"),
            (try ask(.resume, by: "mallory"), "release.not-an-operator"),
            (try ask(.resume, by: "bob", Self.spec(target: .cancelled)), "release.cancelled"),
            (try ask(.approve(tree: tree), by: "alice"), "release.not-an-approver"),
            (try ask(.approve(tree: tree), by: "bob"), "release.not-an-approver"),
            (try ask(.approve(tree: other), by: "dora"), "release.tree-changed"),
            (try ask(.approve(tree: tree), by: "dora", verdict: .nothingToDo), "release.nothing-to-release"),
            (try ask(.promote(to: .complete), by: "bob", verdict: .nothingToDo), "release.nothing-to-release"),
            (
                try ask(.declareEmergency(reason: "r"), by: "bob", Self.spec(requestedBy: "BOB")),
                "release.second-person-missing"
            ),
            (
                try ask(.declareEmergency(reason: "r"), by: "mallory", Self.spec(requestedBy: "bob")),
                "release.not-an-operator"
            ),
            (try ask(.accept(branch: "zone01", tree: tree), by: "dora"), "release.not-acceptable"),
            (
                try ask(.accept(branch: "zone01", tree: tree), by: "dora", verdict: .silentLoss),
                "release.not-acceptable"
            ),
            (try ask(.accept(branch: "zone01", tree: other), by: "dora", verdict: .stowaway), "release.tree-changed"),
        ] { #expect(refusal(result) == code) }
    }

    @Test("An approval is of one tree, and a person's later one takes the place of the earlier")
    func approve() throws {
        let approved = try ask(.approve(tree: try ObjectID(Self.tree)), by: "Dora").get()
        #expect(approved.approvals == [ReleaseApproval(by: "Dora", tree: Self.tree)])
    }

    @Test("A second person, and only a second one, lifts the window")
    func emergency() throws {
        let spec = try ask(.declareEmergency(reason: "certificates"), by: "carol", Self.spec(requestedBy: "bob")).get()
        #expect(spec.emergency == ReleaseEmergency(confirmedBy: "carol", reason: "certificates"))
        // Also when the window is over, for which somebody has to have asked.
        let window = ReleaseWindow(opens: Self.now - 7200, closes: Self.now)
        let asked = try ask(.promote(to: .complete), by: "bob", Self.spec(window: window)).get()
        let urgent = try ask(.declareEmergency(reason: "certificates"), by: "carol", asked).get()
        #expect(urgent.target == .complete && urgent.emergency?.confirmedBy == "carol")
    }

    @Test("Who asks again for the same is recorded as well")
    func again() throws {
        let asked = try ask(.promote(to: .complete), by: "bob").get()
        #expect(asked.attempt == 1)
        #expect(try ask(.promote(to: .complete), by: "bob", asked).get().attempt == 2)
        #expect(try ask(.resume, by: "carol", asked).get().attempt == 2)
    }

    @Test("What was merged while somebody cancelled can be taken back, and nothing else is done to it")
    func cancelledTooLate() throws {
        let cancelled = Self.spec(target: .cancelled, requestedBy: "bob")
        #expect(try ask(.rollback, by: "bob", cancelled, merged: 1).get().target == .rolledBack)
        #expect(refusal(try ask(.rollback, by: "bob", cancelled)) == "release.cancelled")
        #expect(refusal(try ask(.promote(to: .complete), by: "bob", cancelled, merged: 1)) == "release.cancelled")
    }

    @Test("A draft whose source the first stage contains is merged nowhere, and can be cancelled")
    func contained() throws {
        let result = try ask(.cancel, by: "alice", verdict: .nothingToDo)
        #expect(try result.get().target == .cancelled)
        #expect(refusal(try ask(.rollback, by: "bob", verdict: .nothingToDo)) == "release.nothing-to-roll-back")
    }

    @Test("The applicant may cancel, and what rides along may be accepted by who may approve")
    func others() throws {
        #expect(try ask(.cancel, by: "alice").get().target == .cancelled)
        let tree = try ObjectID(Self.tree)
        let spec = try ask(.accept(branch: "zone01", tree: tree), by: "dora", verdict: .stowaway).get()
        #expect(spec.accepted == [AcceptedResult(branch: "zone01", tree: Self.tree, by: "dora")])
    }

    @Test("A release is submitted as a draft, in time before its window, and its submitter becomes the applicant")
    func submit() throws {
        let rules = ControlRepositorySpec(
            forge: "local", project: "p", stages: ["uat"], windows: WindowRules(minimumLead: .seconds(3600)))
        func submit(_ spec: ReleaseSpec) -> Result<ReleaseSpec, SluiceError> {
            Result { () throws(SluiceError) in
                try ReleaseDesk.submit(spec, by: "erin", rules, at: Self.now)
            }
        }
        let plain = ReleaseSpec(repository: "puppet", source: "new", title: "New", operators: ["bob"])
        #expect(try submit(plain).get().applicant == "erin")
        #expect(refusal(submit(Self.spec(target: .complete))) == "release.not-a-draft")
        // Nobody brings words of others along.
        let forged = try submit(Self.spec(requestedBy: "bob")).get()
        #expect(forged.applicant == "erin" && forged.approvals.isEmpty && forged.requestedBy == nil)
        let soon = ReleaseWindow(opens: Self.now + 1800, closes: Self.now + 9000)
        #expect(refusal(submit(Self.spec(window: soon))) == "release.lead-too-short")
    }
}
