import DesiredState
import Foundation
import GitClient
import Reconciliation
import Testing

@testable import ReleasePromotion

@Suite("The plan of a release")
struct ReleasePlanTests {
    private static let branches = ["uat", "production", "zone01", "zone02", "zone03"]
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private static func id(_ digit: Character) throws -> ObjectID { try ObjectID(String(repeating: digit, count: 40)) }

    private static func trial(_ verdict: RehearsalVerdict = .clean, changes: Bool = true) throws
        -> BranchRehearsal.Trial
    {
        BranchRehearsal.Trial(
            verdict: verdict, head: try id("1"), source: try id("2"),
            result: [.unsyncedRevert, .driftConflict].contains(verdict) ? nil : try id("3"),
            changes: changes ? [FileChange(path: "Puppetfile", status: .modified)] : [])
    }

    /// A release of which the first branches have the merges, the others what is said or a clean rehearsal.
    private static func seen(
        _ target: ReleaseTarget, merged: Int = 0, _ change: (inout ReleaseObservation) throws -> Void = { _ in },
        verdicts: [String: RehearsalVerdict] = [:], emergency: ReleaseEmergency? = nil, window: ReleaseWindow? = nil,
        by actor: String? = "bob"
    ) throws -> ReleaseObservation {
        let commit = try id("2")
        let spec = ReleaseSpec(
            repository: "puppet", source: "new", title: "New",
            batches: [ReleaseBatch(zones: ["zone01", "zone02"]), ReleaseBatch(zones: ["zone03"])], window: window,
            operators: ["bob"], approvals: [ReleaseApproval(by: "dora", tree: commit.hex)], target: target,
            requestedBy: actor, emergency: emergency)
        let rules = ControlRepositorySpec(
            forge: "f", project: "p", stages: ["uat", "production"], zones: ZoneSelection(patterns: ["zone*"]))
        var heads: [String: ObjectID] = [:]
        for branch in branches { heads[branch] = try id("1") }
        let walk = Walk(
            stages: rules.stages, batches: spec.batches.map(\.zones), heads: heads,
            merges: heads.filter { branches.prefix(merged).contains($0.key) })
        let steps = try walk.steps.map { step in
            Rehearsal.Step(
                id: step.id,
                branches: try step.branches.map { branch in
                    let done = walk.merges[branch] != nil
                    return BranchRehearsal(
                        branch: branch,
                        outcome: .tried(try trial(done ? .nothingToDo : verdicts[branch] ?? .clean)))
                })
        }
        let origin = ReleaseObservation.Origin(commit: commit, tree: commit)
        var seen = ReleaseObservation(
            release: ReleaseName(repository: "puppet", release: "new"), spec: spec, rules: rules, now: now,
            source: origin, promoted: merged > 0 ? origin : nil, walk: walk, rehearsal: Rehearsal(steps: steps),
            knownSource: commit)
        try change(&seen)
        return seen
    }

    /// The status of such a release.
    static func status(_ target: ReleaseTarget, merged: Int) throws -> ReleaseStatus {
        ReleaseStatus(try seen(target, merged: merged))
    }

    /// What a plan comes to, in a line: the branches that are merged and deleted, and the reason.
    private static func line(_ seen: ReleaseObservation) -> String {
        let plan = ReleasePlan.decide(seen)
        let actions = plan.actions.map { action in
            switch action {
            case .merge(let merge): "\(merge.kind.rawValue) \(merge.target)"
            case .withdraw(let branch, _): "withdraw \(branch)"
            case .deleteSource(let branch, _): "delete \(branch)"
            case .verify: "verify"
            case .refuse: "refuse"
            }
        }
        return (actions + [plan.result.reason]).joined(separator: ", ")
    }

    @Test("One step follows the other, up to the target and no further")
    func steps() throws {
        for (target, merged, expected) in [
            (ReleaseTarget.draft, 0, "Draft"), (.stage("uat"), 0, "promo uat, Releasing"),
            (.stage("uat"), 1, "AtTarget"), (.complete, 1, "promo production, Releasing"),
            (.batch(1), 2, "promo zone01, promo zone02, Releasing"), (.batch(1), 3, "promo zone02, Releasing"),
            (.batch(1), 4, "AtTarget"), (.complete, 4, "promo zone03, Releasing"), (.complete, 5, "Released"),
            (.batch(1), 5, "BeyondTarget"), (.draft, 1, "BeyondTarget"),
        ] { #expect(Self.line(try Self.seen(target, merged: merged)) == expected, "\(target) \(merged)") }
    }

    @Test("What must not happen keeps a step from being begun, and is told by its reason")
    func obstacles() throws {
        let window = ReleaseWindow(opens: Self.now - 7200, closes: Self.now)
        let longAgo = ReleaseWindow(opens: Self.now - 9000, closes: Self.now - 3600)
        let later = ReleaseWindow(opens: Self.now + 60, closes: Self.now + 7200)
        let emergency = ReleaseEmergency(confirmedBy: "carol", reason: "now")
        /// Asked for an hour and a half before it opens, where two hours are wanted; or where less is.
        func asked(_ seen: inout ReleaseObservation, lead: Duration) {
            let rules = seen.rules
            seen.rules = ControlRepositorySpec(
                forge: rules.forge, project: rules.project, stages: rules.stages, zones: rules.zones,
                windows: WindowRules(minimumLead: lead))
            seen.windowSince = later.opens - 5400
        }
        let cases: [(ReleaseObservation, String)] = [
            (try Self.seen(.complete, { asked(&$0, lead: .seconds(7200)) }, window: later), "LeadTooShort"),
            (try Self.seen(.complete, { asked(&$0, lead: .seconds(5400)) }, window: later), "WindowNotOpen"),
            (
                try Self.seen(.complete, { asked(&$0, lead: .seconds(7200)) }, emergency: emergency, window: later),
                "promo uat, Releasing"
            ),
            (try Self.seen(.complete) { $0.makesMergeCommits = false }, "NoMergeCommits"),
            (try Self.seen(.complete, merged: 5) { $0.makesMergeCommits = false }, "Released"),
            (try Self.seen(.complete, by: "mallory"), "NotAnOperator"),
            (try Self.seen(.complete, by: nil), "NotAnOperator"),
            (try Self.seen(.complete) { $0.source = nil }, "SourceMissing"),
            (try Self.seen(.complete) { $0.source?.tree = try Self.id("9") }, "NotApproved"),
            (try Self.seen(.complete, merged: 1) { $0.source?.commit = try Self.id("9") }, "SourceMoved"),
            (try Self.seen(.complete, merged: 1) { $0.altered = ["uat": try Self.id("9")] }, "MergeAltered"),
            (try Self.seen(.complete) { $0.walk.heads["zone03"] = nil }, "BranchMissing"),
            (try Self.seen(.complete, verdicts: ["uat": .nothingToDo]), "NothingToRelease"),
            (try Self.seen(.complete, window: window), "WindowClosed"),
            (try Self.seen(.complete, window: later), "WindowNotOpen"),
            (try Self.seen(.complete, emergency: emergency, window: window), "promo uat, Releasing"),
            (try Self.seen(.complete, merged: 3, window: window), "promo zone02, Releasing"),
            (try Self.seen(.complete, merged: 2, window: window), "WindowClosed"),
            (try Self.seen(.complete, merged: 3, window: longAgo), "WindowClosed"),
            (try Self.seen(.complete, merged: 1) { $0.failures = ["production": "x"] }, "MergeFailed"),
            (try Self.seen(.complete, merged: 2) { $0.failures = ["zone01": "x"] }, "promo zone02, Releasing"),
            (try Self.seen(.complete, merged: 2) { $0.failures = ["production": "x"] }, "MergeFailed"),
            (try Self.seen(.complete, merged: 5) { $0.failures = ["zone03": "x"] }, "MergeFailed"),
            (
                try Self.seen(.complete, merged: 2) { seen in
                    seen.walk.merges["uat"] = nil
                    seen.rehearsal = nil
                }, "SetBack"
            ),
            (try Self.seen(.draft) { $0.strangers = ["uat"] }, "NameUsed"),
            (try Self.seen(.complete, merged: 2) { $0.rollback.hasBegun = true }, "WasRolledBack"),
        ]
        for (seen, expected) in cases { #expect(Self.line(seen) == expected) }
    }

    @Test("G17: stages that are for trying out need no approval; the one that is named does, and all after it")
    func approvalFrom() throws {
        func line(merged: Int) throws -> String {
            Self.line(
                try Self.seen(.complete, merged: merged) { seen in
                    seen.source?.tree = try Self.id("9")
                    seen.promoted?.tree = try Self.id("9")
                    seen.rules = ControlRepositorySpec(
                        forge: "f", project: "p", stages: ["uat", "production"],
                        zones: ZoneSelection(patterns: ["zone*"]), approvals: ApprovalRules(from: "production"))
                })
        }
        #expect(try line(merged: 0) == "promo uat, Releasing")
        #expect(try line(merged: 1) == "NotApproved")
        #expect(try line(merged: 2) == "NotApproved")
    }

    @Test("Before the first merge the whole walk must be sound; later only the branches whose turn it is")
    func walk() throws {
        for verdict in RehearsalVerdict.allCases where !verdict.isGo {
            let early = Self.line(try Self.seen(.complete, verdicts: ["zone03": verdict]))
            // What would ride along later may have gone ahead by then.
            #expect(early == (verdict == .stowaway ? "promo uat, Releasing" : "RehearsalFailed"), "\(verdict)")
            let ahead = Self.line(try Self.seen(.complete, merged: 2, verdicts: ["zone03": verdict]))
            #expect(ahead == "promo zone01, promo zone02, Releasing", "\(verdict)")
            let now = Self.line(try Self.seen(.complete, merged: 4, verdicts: ["zone03": verdict]))
            #expect(now == "RehearsalFailed")
        }
    }

    @Test("What was left behind is withdrawn, but for what the step needs")
    func tidying() throws {
        let left = try Self.seen(.complete, merged: 2) { seen in
            seen.shortLived = ["promo_new_uat": try Self.id("4"), "promo_new_zone01": try Self.id("2")]
        }
        #expect(Self.line(left) == "withdraw promo_new_uat, promo zone01, promo zone02, Releasing")
        let done = try Self.seen(.complete, merged: 5) { $0.shortLived = ["promo_new_uat": try Self.id("4")] }
        #expect(Self.line(done) == "withdraw promo_new_uat, Released")
    }

    @Test("Taking back goes from strays and the last batch to the first stage, wave by wave")
    func waves() throws {
        func back(_ reverted: [String], _ standings: [String: RollbackSight.Standing] = [:]) throws -> String {
            Self.line(
                try Self.seen(.rolledBack, merged: 5) { seen in
                    for branch in Self.branches + ["zone09"] {
                        let standing = try standings[branch] ?? .open(Self.trial())
                        seen.rollback.branches[branch] = reverted.contains(branch) ? .reverted : standing
                        seen.rollback.reverts[branch] = .init(merge: try Self.id("5"), commit: try Self.id("6"))
                    }
                })
        }
        let conflict = RollbackSight.Standing.open(try Self.trial(.driftConflict))
        #expect(try back([]) == "revert zone09, Releasing")
        #expect(try back(["zone09"]) == "revert zone03, Releasing")
        #expect(try back(["zone09", "zone03"]) == "revert zone01, revert zone02, Releasing")
        #expect(try back(["zone09", "zone03", "zone01"], ["zone02": conflict]) == "NotReverted")
        #expect(try back(["zone09", "zone03"], ["zone02": conflict]) == "revert zone01, Releasing")
        #expect(try back(["zone09", "zone03", "zone01"], ["zone02": .gone]) == "revert production, Releasing")
        let others = Self.branches.filter { $0 != "zone02" } + ["zone09"]
        #expect(try back(others, ["zone02": .gone]) == "NotReverted")
        #expect(try back(["zone09", "zone03", "zone01", "zone02"]) == "revert production, Releasing")
        #expect(try back(["zone09", "zone03", "zone01", "zone02", "production"]) == "revert uat, Releasing")
        #expect(try back(Self.branches + ["zone09"]) == "RolledBack")
        #expect(try back(Self.branches, ["zone09": .cameBack]) == "CameBack")
        #expect(Self.line(try Self.seen(.rolledBack)) == "NothingToRollBack")
    }

    @Test("Cancelling deletes what is short-lived and the source, once, and never while some branch has the release")
    func cancel() throws {
        let open = RollbackSight.Standing.open(try Self.trial())
        #expect(Self.line(try Self.seen(.cancelled)) == "delete new, Cancelled")
        #expect(Self.line(try Self.seen(.cancelled) { $0.isSourceDeleted = true }) == "Cancelled")
        #expect(Self.line(try Self.seen(.cancelled) { $0.isSourceShared = true }) == "Cancelled")
        #expect(Self.line(try Self.seen(.cancelled) { $0.knownSource = try Self.id("9") }) == "Cancelled")
        #expect(Self.line(try Self.seen(.cancelled) { $0.knownSource = nil }) == "Cancelled")
        #expect(
            Self.line(try Self.seen(.cancelled, merged: 1) { $0.rollback.branches = ["uat": open] }) == "StillMerged")
        let back = try Self.seen(.cancelled, merged: 1) { seen in
            seen.rollback.branches = ["uat": .reverted]
            seen.shortLived = ["revert_new_uat": try Self.id("4")]
        }
        #expect(Self.line(back) == "withdraw revert_new_uat, delete new, Cancelled")
    }
}
